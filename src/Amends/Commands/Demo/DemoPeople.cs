namespace Amends.Commands.Demo;

/// <summary>Names for the demo's customers, by the country they live in.</summary>
static class DemoPeople
{
    public sealed record Land(string Language, string Zone, string[] First, string[] Last, string[] Places, string[] Streets, string[] Dials)
    {
        /// <summary>A number as it is written there, where it can be from a range kept for stories: nobody has it.</summary>
        public string Number(Random dice) => string.Concat(Dials[dice.Next(Dials.Length)].Select(c => c == '#' ? (char)('0' + dice.Next(10)) : c));
    }

    public static readonly Land[] Lands =
    [
        new("de", "Europe/Berlin", ["Maria", "Jonas", "Anke", "Felix", "Heike", "Moritz", "Greta", "Uwe", "Sabine", "Emre", "Lena", "Karl", "Ayşe", "Jürgen", "Mia", "Birgit", "Tobias", "Nele", "Holger", "Fatma", "Stefan"],
            ["Schneider", "Wagner", "Köhler", "Brandt", "Yılmaz", "Lorenz", "Voss", "Krüger", "Ahrens", "Böttcher", "Seidel", "Hartung", "Petersen", "Maurer", "Demir"], ["Berlin", "Leipzig", "Köln", "Freiburg", "Lübeck", "München"], ["Lindenstraße", "Am Hafen", "Gartenweg", "Bergstraße"],
            ["+49 30 23125 ###", "+49 40 66969 ###", "+49 221 4710 ###", "+49 171 39200 ##"]),
        new("en", "Europe/London", ["Grace", "Oliver", "Amelia", "Harry", "Priya", "Liam", "Chloe", "Noah", "Zara", "George", "Ruby", "Samuel", "Imogen", "Callum", "Fiona"],
            ["Whitfield", "Okafor", "Bennett", "Clarke", "Shah", "Murray", "Doyle", "Fletcher", "Evans", "Hughes", "Nwosu", "Barker"], ["Leeds", "Bristol", "Cardiff", "Edinburgh", "York"], ["Mill Lane", "Harbour Street", "Park Row"], ["+44 7700 900###", "+44 113 496 0###", "+44 117 496 0###"]),
        new("es", "Europe/Madrid", ["Lucía", "Javier", "Carmen", "Diego", "Elena", "Pablo", "Nuria", "Álvaro", "Inés", "Sergio"],
            ["García Ruiz", "López", "Fernández", "Navarro", "Ortega", "Molina", "Peña", "Iglesias", "Vidal"], ["Madrid", "Valencia", "Sevilla", "Bilbao", "Girona"], ["Calle Mayor", "Calle del Puerto", "Paseo del Parque"], ["+34 910 00# ###", "+34 960 00# ###"]),
        new("fr", "Europe/Paris", ["Camille", "Hugo", "Claire", "Théo", "Amina", "Louis", "Margaux", "Étienne", "Sophie", "Julien"],
            ["Moreau", "Lefèvre", "Garnier", "Rousseau", "Benali", "Dupuis", "Faure", "Chevalier", "Marchand"], ["Lyon", "Nantes", "Lille", "Rennes", "Strasbourg"], ["rue du Port", "rue des Tilleuls", "quai Saint-Antoine"], ["+33 6 39 98 ## ##", "+33 4 65 71 ## ##"]),
    ];

    public static readonly (string Name, string Domain, string Place)[] Organisations =
    [
        ("Casa Verde Hausverwaltung", "casa-verde.example", "Berlin"), ("Baugenossenschaft Nord eG", "bg-nord.example", "Lübeck"), ("Kaffeehaus Morgenrot", "morgenrot.example", "Leipzig"),
        ("Whitfield & Sons Lettings", "whitfield-lettings.example", "Leeds"), ("The Harbour Kitchen", "harbourkitchen.example", "Bristol"), ("St Anne’s Care Home", "stannes.example", "York"),
        ("Hoteles Mirasol", "mirasol.example", "Valencia"), ("Restaurante La Ribera", "laribera.example", "Sevilla"), ("Gasthof Zur Linde", "gasthof-linde.example", "Freiburg"),
        ("Agence des Quais", "agencedesquais.example", "Lyon"), ("Mill Lane Dental Practice", "milllane-dental.example", "Cardiff"), ("Montessorischule am Park", "montessori-park.example", "München"),
    ];

    public static readonly (string Role, string Name, string Address, string[] Teams)[] Colleagues =
    [
        ("Administrator", "Anna Berg", "anna@hartmann-vale.example", ["Service"]),
        ("Lead", "Olga Petrova", "olga@hartmann-vale.example", ["Service", "Technical service", "Deliveries", "Accounts"]),
        ("Agent", "Ben Kim", "ben@hartmann-vale.example", ["Service", "Technical service"]),
        ("Agent", "Tom Reed", "tom@hartmann-vale.example", ["Technical service"]),
        ("Agent", "Lucía Romero", "lucia@hartmann-vale.example", ["Deliveries", "Service"]),
        ("Agent", "Claire Dubois", "claire@hartmann-vale.example", ["Accounts", "Service"]),
        ("Agent", "Maya Patel", "maya@hartmann-vale.example", ["Service", "Deliveries"]),
        ("Reader", "Jonas Weber", "jonas@hartmann-vale.example", ["Service"]),
    ];
}
