namespace Amends.Commands.Demo;

/// <summary>Names for the demo's customers, by the country they live in.</summary>
static class DemoPeople
{
    public sealed record Land(string Language, string Zone, string Calling, string[] First, string[] Last, string[] Places);

    public static readonly Land[] Lands =
    [
        new("de", "Europe/Berlin", "+49", ["Maria", "Jonas", "Anke", "Felix", "Heike", "Moritz", "Greta", "Uwe", "Sabine", "Emre", "Lena", "Karl", "Ayşe", "Jürgen", "Mia"],
            ["Schneider", "Wagner", "Köhler", "Brandt", "Yılmaz", "Lorenz", "Voss", "Krüger", "Ahrens", "Böttcher", "Seidel", "Hartung"], ["Berlin", "Leipzig", "Köln", "Freiburg", "Lübeck", "München"]),
        new("en", "Europe/London", "+44", ["Grace", "Oliver", "Amelia", "Harry", "Priya", "Liam", "Chloe", "Noah", "Zara", "George", "Ruby", "Samuel"],
            ["Whitfield", "Okafor", "Bennett", "Clarke", "Shah", "Murray", "Doyle", "Fletcher", "Evans", "Hughes"], ["Leeds", "Bristol", "Cardiff", "Edinburgh", "York"]),
        new("es", "Europe/Madrid", "+34", ["Lucía", "Javier", "Carmen", "Diego", "Elena", "Pablo", "Nuria", "Álvaro", "Inés", "Sergio"],
            ["García Ruiz", "López", "Fernández", "Navarro", "Ortega", "Molina", "Peña", "Iglesias", "Vidal"], ["Madrid", "Valencia", "Sevilla", "Bilbao", "Girona"]),
        new("fr", "Europe/Paris", "+33", ["Camille", "Hugo", "Claire", "Théo", "Amina", "Louis", "Margaux", "Étienne", "Sophie", "Julien"],
            ["Moreau", "Lefèvre", "Garnier", "Rousseau", "Benali", "Dupuis", "Faure", "Chevalier", "Marchand"], ["Lyon", "Nantes", "Lille", "Rennes", "Strasbourg"]),
    ];

    public static readonly (string Name, string Domain, string Place)[] Organisations =
    [
        ("Casa Verde Hausverwaltung", "casa-verde.example", "Berlin"), ("Baugenossenschaft Nord eG", "bg-nord.example", "Lübeck"), ("Kaffeehaus Morgenrot", "morgenrot.example", "Leipzig"),
        ("Whitfield & Sons Lettings", "whitfield-lettings.example", "Leeds"), ("The Harbour Kitchen", "harbourkitchen.example", "Bristol"), ("St Anne’s Care Home", "stannes.example", "York"),
        ("Hoteles Mirasol", "mirasol.example", "Valencia"), ("Restaurante La Ribera", "laribera.example", "Sevilla"), ("Clínica San Telmo", "santelmo.example", "Madrid"),
        ("Agence des Quais", "agencedesquais.example", "Lyon"), ("Boulangerie Faure", "faure.example", "Nantes"), ("École du Parc", "ecoleduparc.example", "Lille"),
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
