using Amends.Cases;

namespace Amends.Commands.Demo;

/// <summary>A text in the four languages of the demo's customers. Fields in braces are filled: {name} {agent} {product} {serial} {order} {place} {day} {time} {sum}.</summary>
sealed record Said(string En, string De, string Es, string Fr)
{
    public string In(string language) => language switch { "de" => De, "es" => Es, "fr" => Fr, _ => En };
}

/// <summary>What customers of the demo come with: one matter, in the words of those who have it, and how it was put right.</summary>
/// <param name="Team">Which team works it: 0 service, 1 technical, 2 deliveries, 3 accounts.</param>
/// <param name="Asks">Several ways to say it.</param>
/// <param name="Again">What the customer writes when it takes longer or is answered in part.</param>
/// <param name="Note">For colleagues, always English.</param>
sealed record Story(string Product, CaseKind Kind, Severity Severity, int Team, string[] Tags, int Weight, Said Subject, Said[] Asks, Said[] Answers, Said Again, string[] Notes, string Summary, string? Waits = null);

/// <summary>The demo's stories. The company sells and looks after heat pumps and kitchens, with an app to both.</summary>
static class Stories
{
    public static readonly Said[] Greetings =
    [
        new("Hello,", "Guten Tag,", "Buenos días:", "Bonjour,"),
        new("Dear team,", "Sehr geehrte Damen und Herren,", "Estimados señores:", "Madame, Monsieur,"),
        new("Hi there,", "Hallo zusammen,", "Hola:", "Bonjour à tous,"),
    ];

    public static readonly Said[] Closings =
    [
        new("Kind regards,\n{name}", "Mit freundlichen Grüßen\n{name}", "Un cordial saludo,\n{name}", "Cordialement,\n{name}"),
        new("Thanks in advance\n{name}", "Vielen Dank im Voraus\n{name}", "Gracias de antemano,\n{name}", "Merci d’avance,\n{name}"),
        new("Best,\n{name}", "Viele Grüße\n{name}", "Saludos,\n{name}", "Bien à vous,\n{name}"),
    ];

    /// <summary>What says that a picture came with the message.</summary>
    public static readonly string[] SaysAttached = ["Pictures attached", "Bilder anbei", "Adjunto fotos", "Photos jointes"];

    public static readonly Said Dear = new("Dear {name},", "Guten Tag {name},", "Estimado/a {name}:", "Bonjour {name},");
    public static readonly Said Yours = new("Kind regards\n{agent}\nHartmann & Vale, customer service", "Freundliche Grüße\n{agent}\nHartmann & Vale, Kundendienst", "Un saludo,\n{agent}\nHartmann & Vale, atención al cliente", "Cordialement,\n{agent}\nHartmann & Vale, service clients");
    public static readonly Said Thanks = new("Thank you, that did it. All is well again.", "Danke, das war es. Jetzt läuft alles wieder.", "Gracias, ya está. Todo vuelve a funcionar.", "Merci, c’est réglé. Tout fonctionne de nouveau.");

    /// <summary>Says sorry and says nothing else.</summary>
    public static readonly Said[] Sorry =
    [
        new("we are very sorry for the trouble you have had and fully understand your annoyance. We take your message very seriously.", "wir bedauern die Unannehmlichkeiten sehr und haben volles Verständnis für Ihren Ärger. Wir nehmen Ihr Anliegen sehr ernst.",
            "lamentamos mucho las molestias y comprendemos perfectamente su enfado. Nos tomamos su mensaje muy en serio.", "nous sommes vraiment désolés pour la gêne occasionnée et comprenons tout à fait votre mécontentement. Nous prenons votre message très au sérieux."),
        new("please accept our sincere apologies for the inconvenience. Your satisfaction is important to us.", "wir bitten vielmals um Entschuldigung für die Unannehmlichkeiten. Ihre Zufriedenheit liegt uns am Herzen.",
            "le rogamos que acepte nuestras más sinceras disculpas por las molestias. Su satisfacción es importante para nosotros.", "veuillez accepter nos sincères excuses pour la gêne occasionnée. Votre satisfaction nous tient à cœur."),
    ];

    /// <summary>What a customer writes who wants to speak to somebody who can decide.</summary>
    public static readonly Said AsksForCall = new("I have explained this three times now. Please let somebody call me who can decide.", "Ich habe das jetzt dreimal erklärt. Bitte lassen Sie mich jemanden sprechen, der entscheiden kann.",
        "Ya lo he explicado tres veces. Que me llame, por favor, alguien que pueda decidir.", "J’ai déjà expliqué cela trois fois. Je souhaite être rappelé par quelqu’un qui peut décider.");

    public static readonly Story[] All =
    [
        new("Pump P40", CaseKind.Failure, Severity.Serious, 1, ["pump", "warranty"], 16,
            new("Pump stops after a few minutes", "Pumpe bleibt nach wenigen Minuten stehen", "La bomba se para a los pocos minutos", "La pompe s’arrête au bout de quelques minutes"),
            [
                new("our {product} (serial {serial}) starts, runs for two or three minutes and stops. The display shows E14. The house is cold and we have two small children. What can we do until somebody comes?",
                    "unsere {product} (Seriennummer {serial}) läuft an, arbeitet zwei oder drei Minuten und bleibt dann stehen. Im Display steht E14. Das Haus ist kalt, und wir haben zwei kleine Kinder. Was können wir tun, bis jemand kommt?",
                    "nuestra {product} (n.º de serie {serial}) arranca, funciona dos o tres minutos y se para. En la pantalla aparece E14. La casa está fría y tenemos dos niños pequeños. ¿Qué podemos hacer hasta que venga alguien?",
                    "notre {product} (n° de série {serial}) démarre, tourne deux ou trois minutes et s’arrête. L’écran affiche E14. La maison est froide et nous avons deux jeunes enfants. Que pouvons-nous faire en attendant un technicien ?"),
                new("since {day} the {product} in {place} switches itself off again and again. I reset it three times as the handbook says; each time it is quiet after five minutes. Serial number {serial}.",
                    "seit {day} schaltet sich die {product} in {place} immer wieder ab. Ich habe sie dreimal zurückgesetzt, wie es im Handbuch steht; nach fünf Minuten ist jedes Mal Ruhe. Seriennummer {serial}.",
                    "desde el {day} la {product} de {place} se apaga una y otra vez. La he reiniciado tres veces como dice el manual; a los cinco minutos se calla. Número de serie {serial}.",
                    "depuis {day}, la {product} à {place} se coupe sans cesse. Je l’ai réinitialisée trois fois comme l’indique la notice ; au bout de cinq minutes, plus rien. Numéro de série {serial}."),
            ],
            [
                new("I am sorry that you sit in the cold because of our pump. E14 means that the flow sensor sees no water. Please open the valve beside the filter fully and press Reset for ten seconds. If it stops again, a technician comes on {day} at {time}; you need not call again.",
                    "es tut mir leid, dass Sie wegen unserer Pumpe im Kalten sitzen. E14 bedeutet, dass der Durchflusssensor kein Wasser sieht. Bitte öffnen Sie das Ventil neben dem Filter ganz und drücken Sie zehn Sekunden lang Reset. Bleibt sie wieder stehen, kommt am {day} um {time} ein Techniker; Sie müssen nicht noch einmal anrufen.",
                    "siento mucho que pasen frío por culpa de nuestra bomba. E14 significa que el sensor de caudal no detecta agua. Abra del todo la válvula junto al filtro y pulse Reset durante diez segundos. Si vuelve a pararse, un técnico irá el {day} a las {time}; no hace falta que vuelva a llamar.",
                    "je suis désolé que vous ayez froid à cause de notre pompe. E14 signifie que le capteur de débit ne voit pas d’eau. Ouvrez complètement la vanne près du filtre et appuyez dix secondes sur Reset. Si elle s’arrête encore, un technicien passe {day} à {time} ; inutile de rappeler."),
            ],
            new("It ran through the night, and this morning it is dead again. E14 as before.", "Über Nacht lief sie, heute früh ist wieder Schluss. E14 wie zuvor.", "Funcionó toda la noche y esta mañana se ha vuelto a parar. E14 como antes.", "Elle a tourné toute la nuit, et ce matin plus rien. E14 comme avant."),
            ["Third E14 this month with a flow sensor of batch B-2209. Asked the warehouse to keep the old part.", "Customer is at home after 14:00, side entrance. Dog is friendly."],
            "Flow sensor (batch B-2209) replaced on site, tested for one hour. Old part kept for the workshop.", "the flow sensor from the warehouse"),
        new("Pump P40", CaseKind.Complaint, Severity.Normal, 1, ["pump", "noise"], 7,
            new("Humming at night", "Brummen in der Nacht", "Zumbido por la noche", "Bourdonnement la nuit"),
            [new("the outdoor unit of our {product} hums so loudly between one and four at night that the neighbours have complained. It was quiet in the first weeks. Serial {serial}, {place}.",
                "das Außengerät unserer {product} brummt zwischen ein und vier Uhr nachts so laut, dass sich die Nachbarn beschwert haben. In den ersten Wochen war es ruhig. Seriennummer {serial}, {place}.",
                "la unidad exterior de nuestra {product} zumba tanto entre la una y las cuatro de la madrugada que los vecinos se han quejado. Las primeras semanas no hacía ruido. Serie {serial}, {place}.",
                "l’unité extérieure de notre {product} bourdonne si fort entre une heure et quatre heures du matin que les voisins se sont plaints. Les premières semaines, elle était silencieuse. Série {serial}, {place}.")],
            [new("thank you for the exact times, they helped: in those hours the pump runs its defrosting at full speed. I have switched your pump to the quiet night programme from here. Please listen for two nights; I will ask you on {day} whether it is better.",
                "danke für die genauen Zeiten, die haben geholfen: In diesen Stunden taut die Pumpe mit voller Drehzahl ab. Ich habe Ihre Pumpe von hier aus auf das leise Nachtprogramm gestellt. Bitte hören Sie zwei Nächte hin; am {day} frage ich nach, ob es besser ist.",
                "gracias por indicar las horas, ha sido de gran ayuda: a esas horas la bomba se descongela a toda velocidad. He activado desde aquí el programa nocturno silencioso. Escuche un par de noches; el {day} le preguntaré si ha mejorado.",
                "merci pour les heures précises, elles ont aidé : à ces heures-là la pompe dégivre à pleine vitesse. J’ai activé d’ici le programme de nuit silencieux. Écoutez pendant deux nuits ; je vous demanderai {day} si c’est mieux.")],
            new("Better, but at three o’clock it still wakes us.", "Besser, aber um drei weckt es uns immer noch.", "Mejor, pero a las tres todavía nos despierta.", "C’est mieux, mais à trois heures cela nous réveille encore."),
            ["Night programme was never set at commissioning. Check the installer’s list."], "Night programme set and rubber feet changed by the installer; measured 31 dB at the fence.", "two quiet nights"),
        new("Kitchen Lina", CaseKind.Failure, Severity.Normal, 2, ["kitchen", "damage"], 10,
            new("Drawer front arrived scratched", "Schubladenfront kam zerkratzt an", "Frente del cajón llegó rayado", "Façade de tiroir arrivée rayée"),
            [
                new("the kitchen (order {order}) was delivered on {day}. The front of the widest drawer has a scratch across it, and one handle is missing. The fitters come back next week; can the new front be here by then?",
                    "die Küche (Auftrag {order}) wurde am {day} geliefert. Die Front der breitesten Schublade hat einen Kratzer quer darüber, und ein Griff fehlt. Die Monteure kommen nächste Woche wieder; kann die neue Front bis dahin da sein?",
                    "la cocina (pedido {order}) se entregó el {day}. El frente del cajón más ancho tiene un arañazo de lado a lado y falta un tirador. Los montadores vuelven la semana que viene; ¿puede estar aquí el nuevo frente para entonces?",
                    "la cuisine (commande {order}) a été livrée {day}. La façade du tiroir le plus large est rayée sur toute la largeur et il manque une poignée. Les monteurs reviennent la semaine prochaine ; la nouvelle façade peut-elle arriver d’ici là ?"),
                new("unpacking order {order} today we found the corner of the worktop chipped, about two centimetres. Pictures attached. We do not want to wait another six weeks.",
                    "beim Auspacken von Auftrag {order} haben wir heute gesehen, dass an der Arbeitsplatte eine Ecke abgeplatzt ist, etwa zwei Zentimeter. Bilder anbei. Wir möchten nicht noch einmal sechs Wochen warten.",
                    "al desembalar hoy el pedido {order} hemos visto que a la encimera le falta una esquina, unos dos centímetros. Adjunto fotos. No queremos esperar otras seis semanas.",
                    "en déballant aujourd’hui la commande {order}, nous avons vu que le plan de travail est ébréché à un angle, environ deux centimètres. Photos jointes. Nous ne voulons pas attendre encore six semaines."),
            ],
            [new("that must not happen with a new kitchen, and I apologise. The part is ordered with priority: it leaves the works on {day} and reaches you before the fitters do. You pay nothing for it, nor for the second visit.",
                "das darf bei einer neuen Küche nicht passieren, ich bitte um Entschuldigung. Das Teil ist mit Vorrang bestellt: Es verlässt das Werk am {day} und ist vor den Monteuren bei Ihnen. Weder das Teil noch der zweite Besuch kostet Sie etwas.",
                "eso no debe pasar con una cocina nueva, le pido disculpas. La pieza está pedida con prioridad: sale de fábrica el {day} y llegará antes que los montadores. No pagará nada por ella ni por la segunda visita.",
                "cela ne doit pas arriver avec une cuisine neuve, je vous présente mes excuses. La pièce est commandée en priorité : elle quitte l’usine {day} et arrivera avant les monteurs. Ni la pièce ni la seconde visite ne vous coûteront quoi que ce soit.")],
            new("The new front came, but in the wrong colour: it is white, ours is linen.", "Die neue Front ist da, aber in der falschen Farbe: Sie ist weiß, unsere ist leinenfarben.", "Ha llegado el nuevo frente, pero del color equivocado: es blanco y el nuestro es lino.", "La nouvelle façade est arrivée, mais dans la mauvaise couleur : blanche, alors que la nôtre est lin."),
            ["Carrier noted “packaging damaged” on the delivery slip. Claim filed.", "Colour code is L7, not W1: corrected in the order."], "Front replaced at the second visit, handle added, carrier’s claim settled.", "the new front from the works"),
        new("Kitchen Lina", CaseKind.Complaint, Severity.Normal, 2, ["delivery", "late"], 10,
            new("Delivery {order} did not come", "Lieferung {order} kam nicht", "La entrega {order} no llegó", "La livraison {order} n’est pas arrivée"),
            [new("we both took the day off on {day} for order {order}. Nobody came and nobody called. On the telephone we waited for forty minutes. Please tell us a day that holds.",
                "wir haben uns am {day} beide für Auftrag {order} freigenommen. Niemand kam, niemand rief an. Am Telefon haben wir vierzig Minuten gewartet. Bitte nennen Sie uns einen Tag, der gilt.",
                "los dos nos tomamos el {day} libre por el pedido {order}. No vino nadie y nadie llamó. Por teléfono esperamos cuarenta minutos. Dígannos un día que se cumpla.",
                "nous avions tous deux pris congé {day} pour la commande {order}. Personne n’est venu, personne n’a appelé. Au téléphone, nous avons attendu quarante minutes. Donnez-nous un jour qui tienne.")],
            [new("you waited in vain, and we owed you a call; I am sorry. The lorry broke down and our notice went to an old number. Your delivery now comes on {day} at {time}, and the driver calls half an hour before. For the lost day we credit {sum}.",
                "Sie haben vergeblich gewartet, und wir waren Ihnen einen Anruf schuldig; das tut mir leid. Der Lkw blieb liegen, und unsere Nachricht ging an eine alte Nummer. Ihre Lieferung kommt nun am {day} um {time}, der Fahrer ruft eine halbe Stunde vorher an. Für den verlorenen Tag schreiben wir {sum} gut.",
                "esperaron en vano y les debíamos una llamada; lo siento. El camión se averió y nuestro aviso fue a un número antiguo. La entrega será el {day} a las {time}, y el conductor llamará media hora antes. Por el día perdido les abonamos {sum}.",
                "vous avez attendu pour rien, et nous vous devions un appel ; j’en suis désolé. Le camion est tombé en panne et notre message est parti vers un ancien numéro. La livraison aura lieu {day} à {time}, le chauffeur appelle une demi-heure avant. Pour la journée perdue, nous vous créditons {sum}.")],
            new("It is half past the hour and again nobody is here.", "Es ist schon eine halbe Stunde darüber, und wieder ist niemand da.", "Pasa media hora y otra vez no hay nadie.", "Une demi-heure de retard, et de nouveau personne."),
            ["Phone number in the order was from 2019. Corrected at the customer."], "Delivered on the new date; driver called before. Credit granted for the lost day.", "the new delivery date"),
        new("Service plan", CaseKind.Complaint, Severity.Minor, 3, ["invoice"], 12,
            new("Invoice for a plan we cancelled", "Rechnung trotz Kündigung", "Factura de un plan que dimos de baja", "Facture pour un contrat résilié"),
            [
                new("we cancelled the service plan in writing on {day} and you confirmed it. Today {sum} were taken from our account all the same. Please send the money back and make sure that this was the last time.",
                    "wir haben den Wartungsvertrag am {day} schriftlich gekündigt, und Sie haben das bestätigt. Heute wurden trotzdem {sum} von unserem Konto abgebucht. Bitte überweisen Sie das Geld zurück und sorgen Sie dafür, dass es das letzte Mal war.",
                    "dimos de baja el plan de mantenimiento por escrito el {day} y ustedes lo confirmaron. Hoy nos han cobrado {sum} de todos modos. Devuelvan el dinero y asegúrense de que sea la última vez.",
                    "nous avons résilié le contrat d’entretien par écrit {day} et vous l’avez confirmé. Aujourd’hui, {sum} ont tout de même été prélevés. Merci de nous rembourser et de veiller à ce que ce soit la dernière fois."),
                new("the invoice of {day} charges the inspection twice: {sum} each time, once with order {order}. Which of the two is right?",
                    "auf der Rechnung vom {day} steht die Inspektion zweimal: jeweils {sum}, einmal mit Auftrag {order}. Welche von beiden stimmt?",
                    "en la factura del {day} figura la inspección dos veces: {sum} cada una, una con el pedido {order}. ¿Cuál es la correcta?",
                    "la facture du {day} compte deux fois la visite : {sum} à chaque fois, l’une avec la commande {order}. Laquelle est juste ?"),
            ],
            [new("you are right, and the mistake is ours. The {sum} go back to your account today; they are there within two working days. I have also taken the plan out of the monthly run, so it cannot be charged again.",
                "Sie haben recht, der Fehler liegt bei uns. Die {sum} gehen heute an Ihr Konto zurück und sind in zwei Werktagen da. Den Vertrag habe ich auch aus dem Monatslauf genommen, er kann nicht noch einmal berechnet werden.",
                "tiene razón, el error es nuestro. Los {sum} se devuelven hoy a su cuenta y estarán en dos días hábiles. También he sacado el plan del cobro mensual, no puede volver a cargarse.",
                "vous avez raison, l’erreur est de notre côté. Les {sum} sont reversés aujourd’hui et seront sur votre compte sous deux jours ouvrés. J’ai aussi retiré le contrat du prélèvement mensuel, il ne peut plus être facturé.")],
            new("The money is not there yet.", "Das Geld ist noch nicht da.", "El dinero aún no ha llegado.", "L’argent n’est pas encore arrivé."),
            ["Cancellation was filed under the old contract number. Accounts has corrected it."], "Refunded in full; plan taken out of the monthly run.", "the bank"),
        new("App", CaseKind.Failure, Severity.Normal, 0, ["app"], 12,
            new("Cannot sign in to the app", "Anmeldung in der App geht nicht", "No puedo entrar en la aplicación", "Impossible de me connecter à l’application"),
            [
                new("since the update of {day} the app says “session ended” right after I sign in. I removed it and installed it again; no change. Phone: Pixel 8. I cannot see the temperature of the holiday flat in {place}.",
                    "seit dem Update vom {day} sagt die App direkt nach dem Anmelden „Sitzung beendet“. Ich habe sie gelöscht und neu installiert, es bleibt so. Telefon: Pixel 8. Ich sehe die Temperatur der Ferienwohnung in {place} nicht mehr.",
                    "desde la actualización del {day} la aplicación dice «sesión terminada» nada más entrar. La he borrado y vuelto a instalar, y sigue igual. Teléfono: Pixel 8. No puedo ver la temperatura del piso de {place}.",
                    "depuis la mise à jour du {day}, l’application affiche « session terminée » juste après la connexion. Je l’ai supprimée et réinstallée, rien ne change. Téléphone : Pixel 8. Je ne vois plus la température de l’appartement à {place}."),
                new("the code that the app wants never arrives, neither by text message nor by mail. I looked into the spam folder as well.",
                    "der Code, den die App verlangt, kommt nie an, weder als SMS noch als E-Mail. Im Spam-Ordner habe ich auch nachgesehen.",
                    "el código que pide la aplicación no llega nunca, ni por SMS ni por correo. También he mirado en el correo no deseado.",
                    "le code demandé par l’application n’arrive jamais, ni par SMS ni par courriel. J’ai aussi regardé dans les indésirables."),
            ],
            [new("thank you for the details. Version 3.2 forgets the session on some phones; 3.2.1 mends it and is in the store since this morning. Please update, then sign in once. If the code does not come within a minute, answer this mail and I send you one by hand.",
                "danke für die genauen Angaben. Version 3.2 vergisst auf manchen Telefonen die Sitzung; 3.2.1 behebt das und steht seit heute früh im Store. Bitte aktualisieren Sie und melden Sie sich einmal an. Kommt der Code nicht binnen einer Minute, antworten Sie auf diese Mail, dann schicke ich Ihnen einen von Hand.",
                "gracias por los detalles. La versión 3.2 olvida la sesión en algunos teléfonos; la 3.2.1 lo corrige y está en la tienda desde esta mañana. Actualice y entre una vez. Si el código no llega en un minuto, responda a este correo y le envío uno a mano.",
                "merci pour ces précisions. La version 3.2 oublie la session sur certains téléphones ; la 3.2.1 corrige cela et se trouve dans la boutique depuis ce matin. Mettez à jour, puis connectez-vous une fois. Si le code n’arrive pas en une minute, répondez à ce courriel et je vous en envoie un à la main.")],
            new("Updated, same message. I am on 3.2.1 now.", "Aktualisiert, gleiche Meldung. Ich bin jetzt auf 3.2.1.", "Actualizado, el mismo mensaje. Ahora tengo la 3.2.1.", "Mise à jour faite, même message. Je suis en 3.2.1."),
            ["Known to the app team: token is lost when the phone restores from a backup."], "Update to 3.2.1 and one new sign-in; session holds since.", "the app team’s answer"),
        new("Pump P40", CaseKind.Question, Severity.Minor, 0, ["pump", "maintenance"], 12,
            new("How often does the filter need cleaning?", "Wie oft muss der Filter gereinigt werden?", "¿Cada cuánto hay que limpiar el filtro?", "À quelle fréquence faut-il nettoyer le filtre ?"),
            [new("the handbook of the {product} says “regularly”. How often is that, in a house with two dogs? And may I do it myself without losing the warranty?",
                "im Handbuch der {product} steht „regelmäßig“. Wie oft ist das in einem Haus mit zwei Hunden? Und darf ich es selbst tun, ohne die Garantie zu verlieren?",
                "el manual de la {product} dice «con regularidad». ¿Cada cuánto es eso en una casa con dos perros? ¿Puedo hacerlo yo sin perder la garantía?",
                "la notice de la {product} dit « régulièrement ». C’est-à-dire, dans une maison avec deux chiens ? Et puis-je le faire moi-même sans perdre la garantie ?")],
            [new("with two dogs: every six weeks, otherwise every three months. You may do it yourself; the warranty stays. Switch the pump off, pull the grille, rinse the filter with lukewarm water and let it dry for an hour. It takes ten minutes.",
                "mit zwei Hunden alle sechs Wochen, sonst alle drei Monate. Sie dürfen es selbst tun; die Garantie bleibt. Pumpe ausschalten, Gitter abziehen, Filter lauwarm ausspülen und eine Stunde trocknen lassen. Das dauert zehn Minuten.",
                "con dos perros, cada seis semanas; si no, cada tres meses. Puede hacerlo usted; la garantía se mantiene. Apague la bomba, quite la rejilla, enjuague el filtro con agua tibia y déjelo secar una hora. Son diez minutos.",
                "avec deux chiens : toutes les six semaines, sinon tous les trois mois. Vous pouvez le faire vous-même, la garantie reste. Éteignez la pompe, retirez la grille, rincez le filtre à l’eau tiède et laissez sécher une heure. Dix minutes suffisent.")],
            new("And which filter do I order when it is worn?", "Und welchen Filter bestelle ich, wenn er verschlissen ist?", "¿Y qué filtro pido cuando se gaste?", "Et quel filtre commander quand il est usé ?"),
            ["Fourth question about the filter this quarter: the handbook should say weeks."], "Interval and the way to do it explained; part number F40-2 named."),
        new("Installation", CaseKind.Request, Severity.Minor, 2, ["appointment"], 11,
            new("Please move the appointment of {day}", "Bitte den Termin am {day} verschieben", "Cambiar la cita del {day}", "Merci de déplacer le rendez-vous du {day}"),
            [new("the fitter is to come on {day} at {time}. My mother is in hospital, so nobody is at home. Could it be a day in the week after, preferably in the morning? Order {order}.",
                "am {day} um {time} soll der Monteur kommen. Meine Mutter liegt im Krankenhaus, es ist also niemand zu Hause. Ginge ein Tag in der Woche darauf, am liebsten vormittags? Auftrag {order}.",
                "el montador viene el {day} a las {time}. Mi madre está en el hospital y no habrá nadie en casa. ¿Podría ser un día de la semana siguiente, mejor por la mañana? Pedido {order}.",
                "le monteur doit venir {day} à {time}. Ma mère est à l’hôpital, il n’y aura personne. Serait-ce possible la semaine suivante, plutôt le matin ? Commande {order}.")],
            [new("of course, and all the best to your mother. The fitter now comes on {day} at {time}. If that does not suit you either, answer this mail; moving it costs nothing.",
                "selbstverständlich, und Ihrer Mutter alles Gute. Der Monteur kommt nun am {day} um {time}. Passt auch das nicht, antworten Sie einfach; das Verschieben kostet nichts.",
                "por supuesto, y que se mejore su madre. El montador irá el {day} a las {time}. Si tampoco le viene bien, responda a este correo; cambiarla no cuesta nada.",
                "bien sûr, et bon rétablissement à votre mère. Le monteur viendra {day} à {time}. Si cela ne convient pas non plus, répondez à ce courriel ; déplacer le rendez-vous ne coûte rien.")],
            new("An hour later would be perfect, if it can be done.", "Eine Stunde später wäre ideal, wenn es geht.", "Una hora más tarde sería perfecto, si es posible.", "Une heure plus tard serait parfait, si possible."),
            ["Route of that day is full before noon; asked planning."], "Appointment moved, fitter and calendar updated.", "planning"),
        new("Kitchen Lina", CaseKind.Failure, Severity.Minor, 2, ["kitchen", "parts"], 8,
            new("Parts missing in box 7", "Teile fehlen in Karton 7", "Faltan piezas en la caja 7", "Pièces manquantes dans le carton 7"),
            [new("box 7 of order {order} holds only four of the eight hinges, and the bag with the screws is torn. The carpenter cannot go on. Can they be sent by post?",
                "in Karton 7 von Auftrag {order} sind nur vier der acht Scharniere, und die Tüte mit den Schrauben ist aufgerissen. Der Tischler kommt nicht weiter. Können Sie die Teile mit der Post schicken?",
                "en la caja 7 del pedido {order} hay solo cuatro de las ocho bisagras, y la bolsa de tornillos está rota. El carpintero no puede seguir. ¿Pueden enviarlas por correo?",
                "le carton 7 de la commande {order} ne contient que quatre charnières sur huit, et le sachet de vis est déchiré. Le menuisier ne peut pas continuer. Pouvez-vous les envoyer par la poste ?")],
            [new("I have packed them myself: eight hinges and two bags of screws leave with the evening post and reach you on {day}. Please excuse the trouble for you and the carpenter.",
                "ich habe sie selbst gepackt: Acht Scharniere und zwei Tüten Schrauben gehen heute mit der Abendpost ab und sind am {day} bei Ihnen. Bitte entschuldigen Sie die Mühe für Sie und den Tischler.",
                "las he preparado yo mismo: ocho bisagras y dos bolsas de tornillos salen esta tarde y llegan el {day}. Disculpen las molestias, a usted y al carpintero.",
                "je les ai emballées moi-même : huit charnières et deux sachets de vis partent ce soir et arrivent {day}. Veuillez excuser la gêne, pour vous et pour le menuisier.")],
            new("Arrived, thank you, but they are the hinges for the wall units.", "Angekommen, danke, aber es sind die Scharniere für die Hängeschränke.", "Han llegado, gracias, pero son las bisagras de los muebles altos.", "Bien arrivées, merci, mais ce sont les charnières des meubles hauts."),
            ["Weighing at the end of the line would have shown it. Told Olga."], "Hinges and screws sent by post, arrived.", "the parcel"),
    ];

    /// <summary>What comes in a wave in the last two days.</summary>
    public static readonly Story Wave = All[0] with
    {
        Subject = new("Pump off since the update", "Pumpe aus seit dem Update", "Bomba parada desde la actualización", "Pompe arrêtée depuis la mise à jour"),
        Asks =
        [
            new("this night the {product} updated itself to 3.2 and has been off since. E21 on the display, serial {serial}. The room is at 14 degrees.",
                "heute Nacht hat sich die {product} auf 3.2 aktualisiert und ist seitdem aus. E21 im Display, Seriennummer {serial}. Im Zimmer sind 14 Grad.",
                "esta noche la {product} se actualizó a la 3.2 y desde entonces está apagada. E21 en pantalla, serie {serial}. La habitación está a 14 grados.",
                "cette nuit la {product} s’est mise à jour en 3.2 et elle est arrêtée depuis. E21 à l’écran, série {serial}. La pièce est à 14 degrés."),
            new("E21, no heating, since the automatic update. Two of our flats in {place} are affected, tenants are calling. Serial of one: {serial}.",
                "E21, keine Heizung, seit dem automatischen Update. Zwei unserer Wohnungen in {place} sind betroffen, die Mieter rufen an. Eine Seriennummer: {serial}.",
                "E21, sin calefacción desde la actualización automática. Dos de nuestros pisos en {place} están afectados y los inquilinos llaman. Un número de serie: {serial}.",
                "E21, plus de chauffage depuis la mise à jour automatique. Deux de nos appartements à {place} sont touchés, les locataires appellent. Un numéro de série : {serial}."),
        ],
        Severity = Severity.Critical,
        Tags = ["pump", "update"],
        Waits = "the app team’s fix for 3.2",
        Notes = ["Same since 02:00 as in the others with E21. All of batch B-2209?"]
    };

    public static readonly (string Name, string Text)[] Canned =
    [
        ("Greeting", "Dear {customer},\n\nthank you for writing to us."),
        ("Ask for the serial number", "Could you send me the serial number of your pump? It stands on the plate at the right side of the indoor unit and begins with HV."),
        ("Appointment confirmed", "The appointment stands. The fitter calls half an hour before."),
        ("Apology for a late answer", "Your message waited longer than it should have, and I am sorry for that."),
        ("Refund on its way", "The money goes back to your account today and is there within two working days."),
    ];
}
