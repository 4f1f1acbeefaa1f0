namespace Amends.Promises.Finding;

/// <summary>German: the present speaks of the future ("Ich rufe Sie morgen an"), verbs come apart, and in a clause of their own stand last.</summary>
sealed class German : Grammar
{
    const string TimeTable = """
        Day 0: heute | heute noch | noch heute | im laufe des tages | am selben tag | tagsüber | heutigen tag | heutigen tages | im verlauf des tages | heute im laufe des tages | am heutigen tag | noch am selben tag | noch am gleichen tag
        Day 1: morgen | morgigen tag | morgigen tages | gleich morgen | schon morgen
        Day 2: übermorgen
        Past: gestern | vorgestern | letzte woche | letzten montag | letzten dienstag | letzten mittwoch | letzten donnerstag | letzten freitag | vergangene woche | letzten monat | vergangenen freitag | vergangenen montag
        Weekday 1: montag | mo
        Weekday 2: dienstag | di
        Weekday 3: mittwoch | mi
        Weekday 4: donnerstag | do
        Weekday 5: freitag
        Weekday 6: samstag | sonnabend
        Weekday 7: sonntag
        Part Morning: vormittag | vormittags | früh | am frühen morgen | frühen vormittag | späten vormittag | vormittagsstunden | morgenstunden | gleich in der früh | am morgen | in der früh | heute morgen | morgens | im laufe des vormittags | als erstes
        Part Noon: mittag | mittags | mittagszeit | mittagspause | mittagsstunde | mittagessen
        Part Afternoon: nachmittag | nachmittags | frühen nachmittag | späten nachmittag | nachmittagsstunden | im laufe des nachmittags
        Part Evening: abend | abends | frühen abend | späten abend | abendstunden | nacht
        Part End: feierabend | geschäftsschluss | dienstschluss | büroschluss | ende des tages | tagesende | ende des arbeitstages | ladenschluss | betriebsschluss | ende der geschäftszeit
        Part Midnight: mitternacht
        Number 1: eins | ein | eine | einer | einem | eines | einen
        Number 2: zwei
        Number 3: drei
        Number 4: vier
        Number 5: fünf
        Number 6: sechs
        Number 7: sieben
        Number 8: acht
        Number 9: neun
        Number 10: zehn
        Number 11: elf
        Number 12: zwölf
        Number 13: dreizehn
        Number 14: vierzehn
        Number 15: fünfzehn
        Number 16: sechzehn
        Number 17: siebzehn
        Number 18: achtzehn
        Number 19: neunzehn
        Number 20: zwanzig
        Number 21: einundzwanzig
        Number 22: zweiundzwanzig
        Number 23: dreiundzwanzig
        Number 25: fünfundzwanzig
        Number 40: vierzig
        Number 50: fünfzig
        Number 60: sechzig
        Number 90: neunzig
        Number 24: vierundzwanzig
        Number 30: dreißig
        Number 36: sechsunddreißig
        Number 45: fünfundvierzig
        Number 48: achtundvierzig
        Number 72: zweiundsiebzig
        Half 0: einer knappen halben | einer guten halben | einer halben | eine halbe | halben
        Half 1: anderthalb | eineinhalb
        Half 2: zweieinhalb
        MinutesOf -30: halb
        MinutesOf 15: viertel nach
        MinutesOf -15: viertel vor | dreiviertel
        Unit Minute: minute | minuten | min | minütchen
        Unit QuarterHour: viertelstunde | viertelstunden | viertel stunde
        Unit HalfHour: halbstunde
        Unit ThreeQuarters: dreiviertelstunde | dreiviertel stunde
        Unit Hour: stunde | stunden | std | stündchen
        Unit Day: tag | tage | tagen | kalendertage | kalendertagen
        Unit WorkingDay: werktag | werktage | werktagen | werktages | arbeitstag | arbeitstage | arbeitstagen | arbeitstages | geschäftstage | geschäftstagen | bankarbeitstage | bankarbeitstagen | banktagen | werktags | bürotagen | arbeitstags | bankwerktagen | bankwerktage
        Unit Week: woche | wochen
        Unit Month: monat | monats | monate | monaten
        Unit Quarter: quartal | quartals
        Unit Year: jahr | jahres | jahre | jahren
        End+Unit Month: monatsende | monatsletzten | ultimo | ende monat | ende des monats
        End+Unit Week: ende woche | wochenschluss
        End+Unit Year: jahresende
        End+Unit Quarter: quartalsende
        Middle+Unit Week: wochenmitte
        Start+Unit Week: wochenanfang | wochenbeginn
        Start+Unit Month: monatsanfang | monatsbeginn
        Middle+Unit Month: monatsmitte
        MonthName 1: januar | jänner | jan
        MonthName 2: februar | feb | feber
        MonthName 3: märz | mär | mrz
        MonthName 4: april | apr
        MonthName 5: mai
        MonthName 6: juni | jun
        MonthName 7: juli | jul
        MonthName 8: august | aug
        MonthName 9: september | sep | sept
        MonthName 10: oktober | okt
        MonthName 11: november | nov
        MonthName 12: dezember | dez
        Weekend: wochenende
        Next 1: nächste | nächsten | nächster | nächstes | nächstem | folgende | folgenden | folgender | drauffolgenden | darauffolgenden
        Next 2: übernächste | übernächsten | übernächster
        Coming: die kommende | kommende | kommenden | kommender | kommendes
        This: diese | diesen | dieser | dieses | diesem | laufenden | laufender | laufende | heuer
        End: ende | spät
        Start: anfang | beginn
        Middle: mitte
        Before: vor | noch vor | bevor
        By: bis | bis zum | bis zu | bis spätestens | spätestens | spätestens bis | bis längstens | längstens | bis allerspätestens | bis zum ablauf des | bis zum ablauf der | bis ablauf des | bis dato | bis am | spätestens am | bis zur | nicht später als | bis einschließlich | allerspätestens | bis maximal | maximal
        To: und | oder | bis
        Within: innerhalb | binnen | in | innert | in spätestens | in maximal | in höchstens | in weniger als | innerhalb von | innerhalb der | im laufe | im verlauf | im lauf | im zeitraum von | innerhalb der nächsten | binnen der nächsten | in unter | in längstens | in knapp | in rund | in etwa | in ca
        At: um | gegen | ca | etwa | circa | ungefähr | so gegen | kurz | kurz vor | kurz nach | rund | so um
        After: ab | nach
        From: zwischen | von
        Of: vom | von | seit | aus
        Filler: am | laufe | verlauf | guten | knappen | ganzen | vollen | spätestens | frühen | späten | jetzt | auch | den | dem | der | des | die | das | zum | zur | im | von | ein | uhrzeit | noch | schon | bereits | gleich | direkt | genau | punkt | zeitraum | jeweils | dann
        Hour: uhr | h
        """;

    const string NounTable = """
        Visit: ableserin anstreicher aufmaßtechniker auslieferungstechniker außendienstmitarbeiter baggerführer besichtigungstermin bestatter betreuer betreuerin brandschutzbeauftragter dekorateur einsatzleiter elektroniker ergotherapeut ergotherapeutin fachberater fachfrau fensterbauer florist fotograf fotografin gesellen glaserin gutachterin gärtnerin hausmeisterin ingenieur ingenieurin installateurin instandhalter koch kolonne kontrolleur kundendiensttechniker küchenmonteur landschaftsgärtner logopädin malerin mechatroniker meisterin montageteam nachtwächter notar ofenbauer optiker pflegedienst physiotherapeut polier pumpendienst raumausstatter reinigungsteam rohrreiniger sanitäter sattler schneider schreinerin schulleiterin schädlingsbekämpfer servicekraft sicherheitsdienst sozialarbeiterin statiker streife tankwart tischlerin umzugshelfer verwalter vorarbeiter wachdienst werkstattleiter zeitnehmer zimmerer
        Refund: scheck schecks fünfer zehner zwanziger abfindung abschlag agio anzahlungen aufpreis aufschlag aufwandsentschädigung auslagen baukostenzuschuss betreuungsgebühr beträge boni bonus bonuspunkte bußgeld courtage darlehenssumme dividende doppelzahlung eintrittsgeld entgelt entgelte erlös ermäßigung ersatzbetrag fahrtkosten fehlbetrag förderung gelder gutschriften honorar kautionen kostenanteil kostenerstattung leihgebühr miete nachlass pauschale portokosten preisdifferenz preisnachlass provision punkte rabatt rate raten reisepreis rückvergütung saldo schmerzensgeld selbstbehalt spende startgeld stornogebühr teilbetrag teilerstattung ticketpreis treuepunkte umlage unkosten vergütung verzugszinsen vorauszahlung vorschuss zahlung zahlungen zulage zuschlagskosten zuschuss zuzahlung überschuss
        Call: klingelzeichen rückrufe telefongespräch telefontermin videoanruf videocall videotermin
        Answer: abrechnungen abschlussbericht abzug aktenzeichen allgemeinverfügung analysen anfahrtsplan angebote anleitungen anschreiben ansprechpartner antragsformular anweisung anweisungen arztbrief attest aufmaß aufnahmen aufschlüsselung ausdruck ausfertigung auskünfte auswahl ausweiskopie auszüge barcode bauplan bedienungsanleitung bedingungen begründung beispiele beitragsbescheid berechnung berichte bescheide bescheinigungen beschluss bestellnummer bestätigungen beurteilung bewertung bilanz bilddateien briefe broschüren codes datei dateien daten dauerrechnung deckungszusage diagnose dokumentation drehbuch druckdaten durchschlag e-rechnung einladung einsatzplan einstufung einzelnachweis empfehlung empfehlungen endabrechnung entwürfe erklärung erläuterung ersatzrechnung expertise feedback formblatt formulare fortschrittsbericht fragebogen freigabe fristverlängerung führungszeugnis gebührenbescheid gegenangebot gesprächsnotiz grundrisse hausordnung heilkostenplan hinweis hinweise immatrikulation infomaterial jahresabrechnung kaufvertrag kennung klarstellung kontaktdaten konzept kostenaufstellung kostenschätzung kundennummer kündigungsbestätigung lageplan lageskizze lastschriftmandat laufzettel lebenslauf leistungsnachweis leistungsverzeichnis leitfaden links listen login lohnabrechnung lösungsvorschlag mahnung mandat materialliste maße memo menü menüvorschlag messergebnis mietangebot mietvertrag mitteilungen mängelliste nachrichten nachweis nachweise news note notiz offerte offerten pachtvertrag packliste police policen polizze preis preisvorschlag projektplan prospekte protokolle prüfprotokoll qr-code quittungen rechnungen rechnungskopie referenz referenzen reiseplan reiseunterlagen report reservierungsbestätigung rückinfo rückäußerung sachstand sachstandsbericht saldenbestätigung scans schadensbericht schaltplan schaubild schriftstück schulbescheinigung schätzung screenshot skizzen skript speisekarte spendenbescheinigung spielplan steckbrief steuerbescheid stichpunkte stornobestätigung tabelle tabellen tagesordnung tarifblatt teilnahmebescheinigung terminbestätigung terminliste terminvorschlag terminvorschläge themenliste ticketnummer tipps trackinglink trackingnummer unbedenklichkeitsbescheinigung untersuchungsergebnis urkunden urteil variante varianten verdienstnachweis vereinbarung verlaufsbericht vermerk versicherungsschein version vertragsentwurf verträge verzeichnis video videos visualisierung vollmacht vorabinfo voranschlag vordruck vorlagen vorschau vorschläge votum wartungsprotokoll wegbeschreibung wertermittlung wertgutachten widerrufsformular zahlungsbestätigung zahlungsplan zeichnungen zeitplan zertifikate zeugnisse zugang zugangscode zusammenstellung zuteilung zwischenbericht zwischenbescheid zählerstand übersetzung übersichten
        Delivery: abdeckung abfall ablage akkus album altgerät altgeräte anlieferung armaturen arznei arzneimittel aufkleber autos badewanne bagger bahnen balken balkontür ball banner barren batterien bauholz bauteil bauteile beet beistelltisch beleuchtung besen beton betten bilderrahmen blech bleche blende blumenkasten blumenstrauß bohlen bohrer boiler boot box boxen brenner brett bretter brillen buggy bund bälle bänder büromaterial büste chip couch deckel decken dichtungen diele dielen display dose dosen draht dünger düse düsen eimer einbauküche eis elektrode essen etiketten etui exemplar exemplare fahne fahnen fahrräder fahrzeuge farben fertigteile flasche flaschen fliese flügel folie folien gabelstapler garderobe garderobenschrank gardine gardinen garnitur gebinde gefäß gegenstand gegenstände geländer gepäckstück geschenke gestell getriebe getränk getränke gewürze gitter glocke grabstein granulat griffe grill handschuh handtuch hebel heft hefte hemden hosen hut hörgeräte instrumente jacke jacken kaffee kaffeemaschine kameras kamin kanister kanne karton kartons kartuschen kassette kasten ketten kittel klebeband kleider kleidung klimaanlage klinge knauf knopf knöpfe kohle kompressor korb krippe krone kugel kunstwerk kupplung küche kühlbox lack lampen latte latten leergut leiste leisten lenker leuchten lieferungen linse linsen luftfilter maske masken mast material matratzen matte matten medaille medaillen mehl metall mikrofon modell modul module monitor motoren motorrad mutter möbelstück mörtel mülltonne münze münzen netz nähmaschine ofen ordner palette paletten paneel paneele parkett pedal pflaster plakat pokale polster poster probe proben produkte präsent pumpen rasen reagenz regale regler ringe rohr rohre rolladen rollator rollladen rollo rollos rüstung saatgut salz samen schalter schatulle scheibe scheiben scheinwerfer schienen schild schilder schirm schläuche schlösser schmuck schmuckstück schraube schreibtisch schränke schuh schutt schüssel sendungen sensoren server sets siegel sitz sitze sofas solarmodule splitt spüle stab stange stangen staubsauger stecker stein steine stempel stift stifte stoffe stoffmuster streusalz stück stücke säge tablette tafel tanne tannenbaum tapete tapeten taschen tasse tassen tasten tee telefonanlage teller teppiche textilien thermostat tische tonnen tor tore torten treppe tresor trikot trikots trommel tuch töpfe tücher uhren urne ventile verpackung verstärker vitrine waage wanne wasserhahn wechselrichter weine welle werkzeuge wärmepumpe wäsche zahnrad zange zelte ziegel zubehör zäune zündkerze öfen öl
        Call: anruf anrufs telefonat rückruf telefonisch anrufe telefon
        Answer: auszug kontoauszug bericht befundbericht messwerte werte laborwerte noten zahlen aufstellung exposé prüfbericht kopien abschrift beglaubigung anmeldebestätigung verlängerung-bescheid genehmigung zusage absage grundriss skizze muster-pdf text korrekturabzug korrekturfahne druckfreigabe fahrplan stundenplan dienstplan programm agenda checkliste vorlage merkblatt datenblatt faktura korrekturrechnung pdf fax scan protokoll gutachten befund befunde auswertung abrechnung lohnzettel bescheinigung zertifikat zeugnis urkunde quittung beleg belege plan pläne zeichnung entwurf vorschlag übersicht aufstellung kalkulation preise preisliste katalog prospekt broschüre zwischenstand stand neuigkeiten info infos rückantwort eingangsbestätigung mitteilung ergebnisse analyse einschätzung fotos bilder foto prognose mahnungskorrektur rechnungskorrektur tickets eintrittskarten-link antwort rückmeldung nachricht bescheid mail e-mail email mails e-mails link bestätigung angebot kostenvoranschlag rechnung vertrag bericht unterlagen information informationen angaben auskunft stellungnahme brief schreiben laufenden update sms formular anleitung ergebnis dokument dokumente code lösung kopie gutschein zugangsdaten sendungsnummer liste termin entscheidung passwort zusammenfassung etikett retourenetikett rücksendeetikett versandetikett versandbestätigung auftragsbestätigung
        Refund: fr usd gbp prämie prämien mahngebühr zuschlag zinsen mehrkosten kosten kursgebühr teilnahmegebühr eintritt fahrpreis fahrgeld beitragsrückerstattung skonto rabattbetrag euro franken chf eur € rappen cent auszahlung differenz differenzbetrag überzahlung mehrbetrag gebühr gebühren beitrag beiträge mietkaution pfand anzahlung entschädigung schadenersatz ausgleich ausgleichszahlung restbetrag restguthaben porto versandkosten spesen gutschrift erstattung geld betrag rückerstattung rückzahlung summe kaution überweisung kaufpreis erstattungsbetrag guthaben
        Visit: ableser forstwirt förster baumpfleger kaminfeger polsterer uhrmacher winzer imker hufschmied steinmetz restaurator haustechniker hauswart abwart klavierstimmer orgelbauer lehrling geselle meister azubi schätzer prüfer prüferin inspektor inspektorin messtechniker reparateur wartungstechniker hebammen schwester pflegekraft therapeut therapeutin fahrerin gerüstbauer estrichleger parkettleger stuckateur bodenleger küchenbauer monteure techniker hausdame begehung abnahme vermessung ablesung dachdecker gärtner maler schreiner tischler glaser zimmermann fliesenleger maurer bauleiter bauleiterin architekt architektin kaminkehrer schornsteinfeger kammerjäger reinigungskraft putzkraft tierarzt tierärztin pflegerin pfleger arzt ärztin hebamme physiotherapeutin sachverständiger sachverständige vermesser berater beraterin hausmeister trupp team mannschaft kollege kollegin kollegen vertreter vertreterin servicemitarbeiter mitarbeiter mitarbeiterin technikerin monteurin elektrikerin handwerkerin schlüsseldienst installateure fachkraft fachleute geometer bodenleger spengler sanitär heizungsbauer energieberater trainer trainerin hausbesuch besichtigung ortstermin begehung inspektion wartung techniker monteur installateur besuch elektriker klempner handwerker servicetechniker fachmann gutachter mechaniker schlosser kundendienst außendienst vororttermin jemanden
        Delivery: stollen brot brötchen semmeln kipferl sackerl brezeln honig marmelade obst äpfel aprikosen käse ziegenkäse eier milch fleisch wurst kränze adventskranz setzling setzlinge stauden baum bäume brennholz pellets heizöl heu stroh futter sattel zaumzeug anhänger rasenmäher motorsäge bohrmaschine leiter gerüst zelt rucksack ski schlitten schlittschuhe puppe teddy bausatz drohne sessel bank hocker leuchte lüster spiegel bild rahmen vase geschirr besteck topf pfanne messer bettwäsche decke kissen handtücher stoff wolle garn leder gürtel handschuhe mütze schal pullover bluse rock anzug sakko krawatte ring kettchen armband ohrringe brosche anhängerkupplung einlagen prothese gebiss zahnspange schiene kontaktlinsen impfstoff ventil dichtung scharnier griff sicherung leuchtmittel birne steckdose fass fässer sack säcke ballen rolle rollen bündel band bände boten bote kutscher lieferwagen tieflader abschleppwagen spedition matratze bett schrank regal kommode heizkessel spülmaschine gefriertruhe backofen herd trockner toaster mixer tablet bildschirm tastatur maus kopfhörer lautsprecher fernseher konsole kamera brille gläser fassung kette uhr kleid mantel hemd hose schuhe stiefel wanderschuhe tasche koffer gepäck spielzeug puzzle instrument gitarre klavier geige reifen räder rad bremse fahrrad roller kinderwagen pflanze pflanzen blumen strauß kranz kuchen torte wein bier fisch präsentkorb körbe lebensmittel gemüse erde sand kies fliesen holz platte platten tür türen fenster vorhang vorhänge jalousie teppich farbe armatur waschbecken dusche pumpe heizkörper zähler tank zylinder schlauch patrone toner papier pass ausweis führerschein medikament medikamente rezept tabletten hörgerät krücken rollstuhl pflegebett uniform pokal plakate flyer einladungen kiste kisten container tonne ladung fracht ersatzgeräte motor platine sensor melder schloss werkzeug set fahrzeug auto wagen leihgerät leihwagen leseausweis muster-kiste bücher zeitschrift noten tickets karten chipkarte ersatzkarte kartusche austauschteil ware waren dokumentenmappe paket päckchen sendung lieferung gerät ersatzgerät bestellung ersatz ersatzteil teil teile artikel ware ladegerät wasserkocher tisch kühlschrank geschenk fahrer kurier rücksendung abholung produkt versand zustellung austauschgerät maschine schrauben kabel akku router modem schlüssel karte lampe drucker stuhl stühle sofa filter batterie buch muster neugerät waschmaschine pakete spediteur waren nachlieferung ersatzlieferung ersatzteile möbel laptop handy fernbedienung netzteil adapter
        Other: patch hotfix korrektur
        """;

    // "particle+infinitive:third:participle" where they are not regular; without a plus there is no particle.
    static readonly (VerbKind Kind, string Verbs)[] VerbTable =
    [
        (VerbKind.Call, "an+telefonieren zurück+telefonieren durch+bimmeln an+bimmeln zurück+klingeln durch+rufen:ruft:gerufen durch+läuten an+klingeln rück+rufen:ruft:gerufen bimmeln an+rufen:ruft:gerufen zurück+rufen:ruft:gerufen durch+klingeln:klingelt:geklingelt telefonieren"),
        (VerbKind.Answer, "zu+mailen rüber+mailen an+mailen durch+geben:gibt:gegeben durch+sagen zurück+antworten auf+klären nach+reichen-bericht zurück+mailen faxen simsen texten aus+richten:richtet:gerichtet berichten:berichtet:berichtet verraten:verrät:verraten zu+faxen an+schreiben:schreibt:geschrieben antworten beantworten:beantwortet:beantwortet schreiben:schreibt:geschrieben melden informieren benachrichtigen:benachrichtigt:benachrichtigt mailen mit+teilen bestätigen:bestätigt:bestätigt zurück+melden unterrichten:unterrichtet:unterrichtet kontaktieren verständigen:verständigt:verständigt zurück+schreiben:schreibt:geschrieben rück+melden"),
        (VerbKind.Visit, "vorbei+springen:springt:gesprungen auf+kreuzen an+klopfen auf+tauchen herum+schauen rum+schauen rüber+kommen:kommt:gekommen vor+fahren:fährt:gefahren vorbei+sehen:sieht:gesehen vorbei+fahren:fährt:gefahren an+rücken begutachten:begutachtet:begutachtet besichtigen:besichtigt:besichtigt vorbei+laufen:läuft:gelaufen besuchen:besucht:besucht vorbei+schauen vorbei+kommen:kommt:gekommen auf+suchen"),
        (VerbKind.Delivery, "holen an+rollen ein+trudeln vor+bei+fahren-ab ab+stellen vor+bei+legen ein+werfen:wirft:geworfen heim+bringen:bringt:gebracht rüber+bringen:bringt:gebracht hoch+bringen:bringt:gebracht rauf+bringen:bringt:gebracht rüber+schicken ab+laden:lädt:geladen mit+geben:gibt:gegeben bei+legen retour+schicken retour+senden:sendet:gesendet hin+fahren:fährt:gefahren raus+fahren:fährt:gefahren vorbei+tragen:trägt:getragen an+karren zurück+bringen:bringt:gebracht aus+händigen übergeben:übergibt:übergeben aus+tragen:trägt:getragen aus+fahren:fährt:gefahren ab+liefern ab+geben:gibt:gegeben hin+bringen:bringt:gebracht ein+sammeln spedieren expedieren verladen:verlädt:verladen auf+geben:gibt:gegeben raus+bringen:bringt:gebracht zurück+liefern los+gehen:geht:gegangen los+fahren:fährt:gefahren ab+gehen:geht:gegangen hoch+tragen:trägt:getragen nach+schicken ab+fahren:fährt:gefahren liefern ab+holen aus+liefern zu+stellen versenden:versendet:versandt verschicken:verschickt:verschickt ein+treffen:trifft:getroffen raus+gehen:geht:gegangen hinaus+gehen:geht:gegangen los+schicken an+liefern nach+liefern mit+nehmen:nimmt:genommen raus+schicken ab+senden:sendet:gesandt ab+schicken vorbei+bringen:bringt:gebracht zurück+schicken zurück+senden:sendet:gesendet"),
        (VerbKind.Refund, "retour+überweisen:überweist:überwiesen ein+zahlen begleichen:begleicht:beglichen retour+buchen retour+zahlen zurück+vergüten rück+zahlen entschädigen:entschädigt:entschädigt aus+bezahlen zurück+bezahlen rück+überweisen:überweist:überwiesen rück+buchen an+rechnen:rechnet:gerechnet erstatten:erstattet:erstattet zurück+erstatten gut+schreiben:schreibt:geschrieben zurück+zahlen überweisen:überweist:überwiesen rück+erstatten zurück+überweisen:überweist:überwiesen aus+zahlen rückvergüten vergüten:vergütet:vergütet zurück+buchen"),
        (VerbKind.Send, "zurück+geben:gibt:gegeben retournieren weiter+schicken hin+schicken raus+senden:sendet:gesendet überbringen:überbringt:überbracht zu+leiten aus+geben:gibt:gegeben schicken senden:sendet:gesendet zu+senden:sendet:gesendet zu+schicken übersenden:übersendet:übersandt verlassen:verlässt:verlassen zukommen vorbei+schicken bringen:bringt:gebracht gehen:geht:gegangen nach+reichen zu+kommen weiter+gehen raus+geben nach+senden"),
        (VerbKind.Get, "erhalten:erhält:erhalten bekommen:bekommt:bekommen kriegen empfangen:empfängt:empfangen erreichen:erreicht:erreicht"),
        (VerbKind.Light, "geben:gibt:gegeben halten:hält:gehalten machen haben:hat:gehabt hören liegen:liegt:gelegen stattfinden statt+finden:findet:gefunden vor+liegen:liegt:gelegen folgen erfolgen:erfolgt:erfolgt vor+legen"),
        (VerbKind.Arrange, "an+leiern auf+geben-auftrag an+stoßen:stößt:gestoßen auf+setzen aus+arbeiten erstellen:erstellt:erstellt an+fertigen vor+bereiten:bereitet:bereitet fertig+stellen fertig+machen terminieren disponieren beantragen:beantragt:beantragt ordern nach+bestellen zusammen+stellen veranlassen:veranlasst:veranlasst bearbeiten:bearbeitet:bearbeitet buchen bestellen:bestellt:bestellt reservieren organisieren vereinbaren:vereinbart:vereinbart erledigen:erledigt:erledigt ein+leiten an+weisen:weist:gewiesen aus+stellen bereit+stellen ab+schließen:schließt:geschlossen beauftragen:beauftragt:beauftragt"),
        (VerbKind.Come, "her+kommen:kommt:gekommen rein+schauen rum+kommen:kommt:gekommen herum+kommen:kommt:gekommen erscheinen:erscheint:erschienen an+langen kommen:kommt:gekommen an+kommen:kommt:gekommen eintreffen:trifft:getroffen"),
        (VerbKind.Check, "reden nach+prüfen gegen+prüfen durch+sehen:sieht:gesehen durch+schauen nach+zählen nach+lesen:liest:gelesen ein+lesen:liest:gelesen kontrollieren messen:misst:gemessen nach+messen:misst:gemessen testen durch+gehen:geht:gegangen ermitteln checken nach+haken erkundigen:erkundigt:erkundigt nach+rechnen ab+stimmen an+fragen ein+sehen:sieht:gesehen prüfen überprüfen:überprüft:überprüft klären an+sehen:sieht:gesehen an+schauen untersuchen:untersucht:untersucht nach+sehen:sieht:gesehen nach+schauen nach+fragen sprechen:spricht:gesprochen besprechen:bespricht:besprochen ab+klären recherchieren analysieren nach+forschen"),
        (VerbKind.Other, "annullieren auf+ziehen:zieht:gezogen ab+ziehen:zieht:gezogen ab+schleifen:schleift:geschliffen ab+ändern um+melden um+ändern ein+tragen:trägt:getragen rein+nehmen:nimmt:genommen raus+nehmen:nimmt:genommen heraus+nehmen:nimmt:genommen weg+nehmen:nimmt:genommen auf+frischen nach+schärfen nach+ziehen:zieht:gezogen nach+spannen nach+justieren entlüften entkalken entrosten schnitzen drechseln stricken häkeln sticken weben backen:bäckt:gebacken kochen braten:brät:gebraten brauen räuchern pressen beschneiden:beschneidet:beschnitten düngen roden beschlagen:beschlägt:beschlagen impfen operieren massieren scheren:schert:geschoren frisieren färben zentrieren wuchten aus+wuchten ein+lagern auf+pumpen feilen fräsen bohren dübeln schrauben löten pflastern verfugen verglasen dämmen verkabeln neu+auf+setzen zurück+drehen hoch+stufen herunter+stufen herab+setzen herauf+setzen senken mindern aus+buchen ein+buchen ein+schreiben:schreibt:geschrieben immatrikulieren zu+lassen:lässt:gelassen genehmigen bewilligen gewähren beglaubigen beurkunden stempeln ab+stempeln unterschreiben:unterschreibt:unterschrieben unterzeichnen gegen+zeichnen archivieren digitalisieren ein+scannen kopieren vor+merken zurück+legen beiseite+legen weg+legen frei+halten:hält:gehalten blocken auf+stocken durch+spülen fegen kehren räumen streuen leeren rein+stellen rein+setzen hoch+laden:lädt:geladen ein+speisen um+rüsten nach+rüsten aus+rüsten auf+rüsten um+decken neu+decken ein+decken polstern beziehen:bezieht:bezogen weiten verengen löten schmieden spannen besaiten stimmen um+stimmen nach+stimmen entwickeln rahmen ein+rahmen verchromen vergolden verzinken galvanisieren beschichten grundieren spachteln spritzen imprägnieren wachsen ein+wachsen schmieren ein+ölen ab+pumpen aus+pumpen ab+saugen enthärten entstören zurück+schalten um+schalten ein+schalten auf+schalten durch+stellen erledigen-vollständig nach+trainieren rück+abwickeln auf+arbeiten über+arbeiten überarbeiten:überarbeitet:überarbeitet revidieren aus+fugen ein+kleben an+kleben fest+machen fest+schrauben an+schrauben los+schrauben an+nähen ein+nähen auf+nähen auf+bügeln dämpfen glatt+ziehen:zieht:gezogen gerade+biegen:biegt:gebogen aus+beulen weg+machen zu+machen auf+machen dicht+machen sauber+machen rein+machen heile+machen vor+ziehen:zieht:gezogen um+bestellen ab+bestellen zurück+ziehen:zieht:gezogen ab+buchen ab+dichten ab+melden ab+nehmen:nimmt:genommen ab+schalten an+bringen:bringt:gebracht an+heben:hebt:gehoben an+legen an+melden an+schließen:schließt:geschlossen auf+bauen auf+heben:hebt:gehoben auf+laden:lädt:geladen auf+lösen auf+räumen auf+spielen auf+stellen auf+nehmen:nimmt:genommen aus+blenden aus+bauen aus+räumen aus+wechseln aus+messen:misst:gemessen beseitigen:beseitigt:beseitigt bereinigen:bereinigt:bereinigt bügeln durch+führen dichten drucken nach+drucken ein+bauen ein+fügen ein+pflegen ein+setzen ein+spielen zurück+spielen zurück+nehmen:nimmt:genommen zurück+stellen zurück+ändern entfernen:entfernt:entfernt entsorgen:entsorgt:entsorgt ergänzen:ergänzt:ergänzt erhöhen:erhöht:erhöht frei+geben:gibt:gegeben frei+räumen fällen gießen glätten heften her+richten:richtet:gerichtet hobeln imprägnieren isolieren kürzen kleben lackieren lüften mähen malen mauern nähen um+nähen neu+starten nach+füllen nach+holen nach+stellen nach+tragen:trägt:getragen öffnen ölen um+bauen um+buchen um+leiten um+schreiben:schreibt:geschrieben um+ziehen:zieht:gezogen pflanzen polieren programmieren reaktivieren renovieren richten:richtet:gerichtet säubern schärfen schleifen:schleift:geschliffen schneiden:schneidet:geschnitten schreddern schweißen sichern spülen stutzen synchronisieren tapezieren trimmen übernehmen:übernimmt:übernommen übersetzen:übersetzt:übersetzt übertragen:überträgt:übertragen verlegen:verlegt:verlegt verschieben:verschiebt:verschoben versetzen:versetzt:versetzt vervollständigen:vervollständigt:vervollständigt waschen:wäscht:gewaschen wechseln weg+räumen wieder+öffnen zu+teilen zu+weisen:weist:gewiesen zusammen+führen zu+schneiden:schneidet:geschnitten justieren kalibrieren besohlen:besohlt:besohlt flicken gravieren bedrucken:bedruckt:bedruckt binden:bindet:gebunden laminieren verbuchen:verbucht:verbucht veröffentlichen:veröffentlicht:veröffentlicht verputzen:verputzt:verputzt aus+heben:hebt:gehoben gut+machen ein+reichen vermerken:vermerkt:vermerkt registrieren reduzieren migrieren wiederholen:wiederholt:wiederholt reparieren beheben:behebt:behoben tauschen aus+tauschen um+tauschen stornieren kündigen ändern weiter+leiten weiter+geben:gibt:gegeben kümmern zurück+setzen frei+schalten sperren entsperren:entsperrt:entsperrt ein+richten korrigieren berichtigen:berichtigt:berichtigt aktualisieren hinterlegen:hinterlegt:hinterlegt ersetzen:ersetzt:ersetzt lösen löschen verlängern:verlängert:verlängert installieren aktivieren ein+stellen wiederherstellen wieder+her+stellen erneuern:erneuert:erneuert montieren an+passen aus+bessern nach+bessern reinigen streichen:streicht:gestrichen um+stellen deaktivieren verrechnen:verrechnet:verrechnet schließen:schließt:geschlossen erlassen:erlässt:erlassen beenden:beendet:beendet"),
        (VerbKind.Stop, "sein hoffen versuchen:versucht:versucht bemühen:bemüht:bemüht freuen helfen:hilft:geholfen bitten:bittet:gebeten danken brauchen benötigen:benötigt:benötigt warten bleiben:bleibt:geblieben wissen:weiß:gewusst können müssen dürfen wollen sollen mögen verstehen:versteht:verstanden bedauern:bedauert:bedauert dauern kosten entschuldigen:entschuldigt:entschuldigt unterstützen:unterstützt:unterstützt"),
    ];

    static readonly HashSet<string> Modals = Set("kann können könnte könnten würde würden möchte möchten sollte sollten soll sollen will wollen wollte wollten dürfte dürften dürfen darf muss müssen müsste müssten konnte konnten mag hätte hätten wäre wären hoffe hoffen hofft versuche versuchen versucht bemühe bemühen musste mussten bitten bitte wurde wurden hatte hatten war waren beabsichtigen planen plane erwarten erwarte rechnen");
    static readonly HashSet<string> Not = Set("nicht kein keine keinen keiner keinem keines nie niemals niemand nichts keinesfalls keineswegs weder");
    static readonly HashSet<string> Werden = Set("werde werden wird");
    static readonly HashSet<string> Perfect = Set("habe haben hat ist sind bin hast habt");
    static readonly HashSet<string> SelfWords = Set("ich wir sie er es du hast habt wird werden werde wurde wurden ist sind haben habe hat kann können würde würden möchte hatte war wenn falls sobald dass ob sofern damit weil");
    static readonly HashSet<string> Subordinate = Set("damit weil warum wie was wo wer wann ob bevor bis");
    static readonly HashSet<string> Pledges = Set("verspreche versprechen garantiere garantieren zusagen sage sichere verpflichte verpflichten versichere versichern zusichern");

    // "Freitagnachmittag": day and part in one word.
    static string DaysWithParts()
    {
        string[] days = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"];
        (string Word, DayPart Part)[] parts = [("morgen", DayPart.Morning), ("früh", DayPart.Morning), ("vormittag", DayPart.Morning), ("mittag", DayPart.Noon), ("nachmittag", DayPart.Afternoon), ("abend", DayPart.Evening)];
        return string.Concat(days.SelectMany((day, d) => parts.Select(p => $"\nWeekday+Part {d + 1 + 10 * (int)p.Part}: {day}{p.Word}{(p.Word == "früh" ? "" : $" | {day}{p.Word}s")}")));
    }

    public German() : base(TimeTable + DaysWithParts(), NounTable,
        joins: "und aber oder sowie doch sondern",
        strangers: "bank hersteller versicherung kunde nachbar lieferant polizei behörde behörden vermieter wettbewerber regierung ministerium anbieter mieter besucher microsoft google apple amazon paypal dhl ups fedex hermes dpd gls finanzamt gericht wetter konkurrenz hausverwaltung netzbetreiber",
        doubts: "generell meistens evtl ggf allenfalls schätzungsweise tendenziell angestrebt anvisiert unverbindliche höchstwahrscheinlich vorläufig erfahrungsgemäß gewöhnlicherweise hoffentlich vielleicht wahrscheinlich möglicherweise eventuell voraussichtlich vermutlich womöglich normalerweise üblicherweise gewöhnlich grundsätzlich idealerweise glaube glauben denke denken vermute vermuten hoffe hoffen regel unverbindlich notfalls bestenfalls wohl",
        tails: "an der arbeit|spätestens|genau|wie besprochen",
        reports: """
            sie schrieben|sie schreiben|sie sagten|sie sagen|sie meinten|sie haben geschrieben|sie haben gesagt|schrieben sie|sagten sie|hat uns gesagt|sagte uns|teilte uns mit|hat uns mitgeteilt|versichert uns|laut|zufolge|behauptet|sagt|sagte|meldet dass|angeblich|gesagt wurde|wurde ihnen|hat ihnen gesagt|versprochen wurde
            hatten ihnen geschrieben|hatten ihnen gesagt|hatten ihnen versprochen|haben ihnen geschrieben|hatte ihnen|ihnen gesagt|sie baten|sie fragten|sie denken|sie glauben|sie erwähnten|ihrer nachricht steht|nach angaben|nach auskunft|wie der hersteller|haben sie gelesen|sie hatten gehört|hieß es
            """,
        frequent: "der die das und wir ich sie ihnen ist nicht ein eine einen mit den dem bis auf fur bei uns ihr ihre ihren von im zu es werden wird haben sich auch am morgen",
        unsure: "mit etwas glück|mit glück|mit ein bisschen glück|mit ein wenig glück|wenn alles klappt|wenn alles gut geht|klappt alles|toi toi toi|kann sein|mag sein|könnte sein|ohne gewähr|ohne garantie|nicht garantieren|gut möglich|es ist möglich|wir streben an|streben an|wie gern|wie gerne|so gott will|so der plan|der plan ist|peilen wir|peilen an|kann ich nicht versprechen|in aussicht",
        habits: "normalerweise üblicherweise gewöhnlich generell grundsätzlich jeweils jeden jede jeder jedes immer stets meistens meist täglich wöchentlich monatlich montags dienstags mittwochs donnerstags freitags samstags sonntags werktags üblich")
    {
        foreach (var (kind, line) in VerbTable)
            foreach (var said in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = said.Split(':');
                var plus = parts[0].LastIndexOf('+');
                var particle = plus < 0 ? null : parts[0][..plus].Replace("+", "", StringComparison.Ordinal);
                var infinitive = parts[0][(plus + 1)..];
                if (infinitive.Contains('-', StringComparison.Ordinal))
                    continue;
                var stem = infinitive.EndsWith("en", StringComparison.Ordinal) ? infinitive[..^2] : infinitive[..^1];
                var third = parts.Length > 1 ? parts[1] : stem + (stem[^1] is 't' or 'd' || stem.EndsWith("chn", StringComparison.Ordinal) ? "et" : "t");
                var ge = parts.Length > 2 ? parts[2] : infinitive.EndsWith("ieren", StringComparison.Ordinal) || IsWhole(infinitive) ? stem + (stem[^1] is 't' or 'd' ? "et" : "t") : "ge" + third;
                var name = (particle ?? "") + infinitive;
                void Put(string word, VerbForm form, string? apart = null) => Add(word, new(name, kind, form, apart));
                Put(infinitive, VerbForm.First | (particle is null ? VerbForm.Infinitive : 0), particle);
                Put(stem + "e", VerbForm.First, particle);
                // "Ich ruf dich an": as people speak; read only beside "ich".
                Put(stem, VerbForm.Subjunctive, particle);
                if (kind == VerbKind.Get)
                    Put((third.EndsWith('t') ? third[..^1] : stem) + "st", VerbForm.You);
                Put(third, VerbForm.Third, particle);
                if (particle is null)
                {
                    Put(ge, VerbForm.Participle);
                    continue;
                }
                Put(name, VerbForm.Infinitive | VerbForm.First);
                Put(particle + stem + "e", VerbForm.First);
                Put(particle + third, VerbForm.Third);
                Put(particle + ge, VerbForm.Participle);
                Put(particle + "zu" + infinitive, VerbForm.Ing);
            }
        Add("gesandt", new("senden", VerbKind.Send, VerbForm.Participle, null));
        Add("zugesandt", new("senden", VerbKind.Send, VerbForm.Participle, null));
        Add("versendet", new("versenden", VerbKind.Delivery, VerbForm.Participle, null));
    }

    /// <summary>Verbs with a prefix that never comes apart have no "ge": "bewilligt", "entkalkt".</summary>
    static bool IsWhole(string infinitive) => infinitive.Length > 6 && (infinitive.StartsWith("be", StringComparison.Ordinal) || infinitive.StartsWith("ver", StringComparison.Ordinal) || infinitive.StartsWith("ent", StringComparison.Ordinal) || infinitive.StartsWith("er", StringComparison.Ordinal) || infinitive.StartsWith("zer", StringComparison.Ordinal) || infinitive.StartsWith("gen", StringComparison.Ordinal) || infinitive.StartsWith("gew", StringComparison.Ordinal) || infinitive.StartsWith("miss", StringComparison.Ordinal));

    public override string Code => "de";

    static readonly string[] Ordinals = "ersten zweiten dritten vierten funften sechsten siebten achten neunten zehnten elften zwolften dreizehnten vierzehnten funfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten einundzwanzigsten zweiundzwanzigsten dreiundzwanzigsten vierundzwanzigsten funfundzwanzigsten sechsundzwanzigsten siebenundzwanzigsten achtundzwanzigsten neunundzwanzigsten dreisigsten einunddreisigsten".Split(' ');

    public override int OrdinalWord(string word) => Array.IndexOf(Ordinals, word) + 1 is > 0 and var day ? day : word == "erster" || word == "erste" ? 1 : word == "dreißigsten" ? 30 : 0;

    public override bool IsOrdinal(string word) => word is "ten";

    public override bool DotMakesOrdinal => true;

    public override bool IsArticle(string word) => word is "ein" or "eine" or "einer" or "einem" or "einen" or "eines";

    public override bool OrdinalIsDay(List<Token> tokens, int at) =>
        at > 0 && (tokens[at - 1].Word is "am" or "den" or "dem" or "zum" or "der" or "," || tokens[at - 1].Word is "bis" or "spatestens" && at + 2 < tokens.Count);

    public override int MinutesBefore(string word) => word switch { "nach" => 1, "vor" => -1, _ => 0 };

    // Compounds are known by their end.
    protected override PromiseKind? NounPart(SentenceView s, int at)
    {
        var word = s.Word(at);
        for (var cut = 3; cut <= word.Length - 4; cut++)
            if (IsNoun(word[cut..], out var kind) && word.Length - cut >= 4 && word[cut..] is not ("teil" or "karte" or "mail" or "link"))
                return kind;
        // Declined, or in the plural: "Abschlussberichts", "Gurtbänder".
        if (word.Length > 6 && s.Tokens[at].Capital)
            foreach (var ending in (ReadOnlySpan<string>)["en", "er", "es", "s", "n", "e"])
                if (word.EndsWith(ending, StringComparison.Ordinal))
                    for (var cut = 0; cut <= word.Length - ending.Length - 4; cut = cut == 0 ? 3 : cut + 1)
                        if (IsNoun(word[cut..^ending.Length], out var declined))
                            return declined;
        return null;
    }

    public override bool IsClauseWord(SentenceView s, int at)
    {
        if (SelfWords.Contains(s.Word(at)))
            return true;
        foreach (var entry in VerbsAt(s, at))
            if ((entry.Form & (VerbForm.First | VerbForm.Third)) != 0)
                return true;
        return false;
    }

    /// <summary>"Riecht es wieder nach Gas, dann …", "Passt Ihnen der Termin nicht, rufen wir …": a clause that begins with its verb.</summary>
    bool IsInverted(SentenceView s, int at)
    {
        var index = s.SegmentIndex(at);
        if (at != s.SegmentAt(at).Start || index + 1 >= s.Segments.Count || index > 0 && !s.Segments[index].Hard || s.Word(at) is "wird" or "werden" or "danke" or "vielen" or "bitte")
            return false;
        var next = s.Segments[index + 1];
        if (next.Joined || next.Hard || !(s.Word(next.Start) is "dann" or "so" || Finite(s, next.Start) && s.Word(next.Start + 1) is "wir" or "ich" or "unser" or "unsere"))
            return false;
        return s.Word(at + 1) is "es" or "sie" or "das" or "die" or "der" or "ihnen" or "ihre" or "ihr" or "du" or "dir" or "er" or "etwas" or "jemand" && s.Tokens[at].IsWord && s.Word(at) is not ("wir" or "ich") && !Not.Contains(s.Word(at)) && s.Raw(at) is { Length: > 2 } verb && (verb.EndsWith('t') || verb.EndsWith("en", StringComparison.Ordinal) || verb.EndsWith("st", StringComparison.Ordinal));
    }

    bool Finite(SentenceView s, int at)
    {
        if (s.IsFree(at) && (Werden.Contains(s.Word(at)) || Perfect.Contains(s.Word(at))))
            return true;
        foreach (var entry in VerbsAt(s, at))
            if ((entry.Form & (VerbForm.First | VerbForm.Third)) != 0)
                return true;
        return false;
    }

    public override bool IsCondition(SentenceView s, int at) => IsInverted(s, at) || s.Word(at) switch
    {
        "wenn" => s.Word(at - 1) is not "auch",
        "falls" or "sofern" or "solange" or "vorausgesetzt" or "soweit" or "andernfalls" or "ansonsten" or "nachdem" or "vorbehaltlich" => true,
        "sobald" => s.Word(at + 1) is not ("wie" or "als") && !(s.Word(at + 1) is "es" && s.Word(at + 2) is "geht") && s.Word(at + 1) is not "moglich",
        "sollten" or "sollte" => at == s.SegmentAt(at).Start,
        "falle" => s.Word(at - 1) is "im",
        "sonst" => at == s.SegmentAt(at).Start,
        "unter" => s.Word(at + 1) is "der" && s.Word(at + 2) is "bedingung" or "voraussetzung",
        "erhalt" or "eingang" => s.Word(at - 1) is "nach" or "bei",
        "bei" => s.Word(at + 1) is "bedarf",
        _ => false,
    };

    public override void Acts(SentenceView s, List<Act> acts)
    {
        var pledged = false;
        var doubted = false;
        var previousOurs = false;
        var usual = false;
        foreach (var segment in s.Segments)
        {
            var (from, to) = (segment.Start, segment.End);
            var dass = from < s.Count && s.Word(from) == "dass";
            var zu = pledged && !dass;
            // A doubt before the comma: "Ich glaube, der Techniker kommt morgen."
            var shaken = doubted && !segment.Joined;
            doubted = s.Any(from, to, Doubts);
            var assures = Assures(s, from, to);
            var count = acts.Count;
            usual |= s.Any(from, to, Usual);
            if (Awaited(s, from, to, acts))
                continue;
            if ((Nominal(s, segment) ?? Bare(s, segment)) is { } nominal)
            {
                acts.Add(nominal);
                continue;
            }
            var hasModal = HasModal(s, from, to);
            if (!shaken && !doubted && !IsNegated(s, from, to) && !SubordinateAt(s, from) && (!hasModal || zu) && (!HasStranger(s, from, to) || Has(s, from, to, "wir") || Has(s, from, to, "ich")) && !IsTheirs(s, from, to) && !(usual && segment.Joined) && !(s.AfterStranger && MerelyPointed(s, from, to)))
                Read(s, segment, acts, zu, previousOurs);
            doubted |= shaken && dass || s.Any(from, to, Doubts) || ModalHope(s, from, to);
            pledged = assures;
            if (acts.Count > count)
                previousOurs = Has(s, from, to, "wir") || Has(s, from, to, "ich") || acts[^1].Shares;
            else if (!segment.Joined && to - from > 1 && !SubordinateAt(s, from) && !dass)
                previousOurs = Has(s, from, to, "wir") || Has(s, from, to, "ich");
        }
    }

    static readonly HashSet<string> Usual = Set("normalerweise üblicherweise gewöhnlich grundsätzlich generell regel meistens");
    static readonly HashSet<string> Pointing = Set("der die das dieser diese dieses diesen jener er");

    /// <summary>"Diese wird sich melden", "der tauscht es aus": nobody but a pronoun acts.</summary>
    bool MerelyPointed(SentenceView s, int from, int to) => Pointing.Contains(s.Word(from)) && Finite(s, from + 1) && !Has(s, from, to, "wir") && !Has(s, from, to, "ich") && !s.Any(from, to, Own);

    /// <summary>Somebody who is not ours, also at the end of a compound: "Großhändler", "Rechtsschutzversicherung".</summary>
    bool HasStranger(SentenceView s, int from, int to)
    {
        if (s.Any(from, to, Strangers))
            return true;
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && s.Tokens[i].Capital && s.Word(i) is { Length: > 8 } word && !(s.Word(i - 1) is "unser" or "unsere" or "unserer" or "unserem") && (word.EndsWith("versicherung", StringComparison.Ordinal) || word.EndsWith("versicherer", StringComparison.Ordinal) || word.EndsWith("hersteller", StringComparison.Ordinal) || word.EndsWith("lieferant", StringComparison.Ordinal) || word.EndsWith("handler", StringComparison.Ordinal) || word.EndsWith("betreiber", StringComparison.Ordinal) || word.EndsWith("vermieter", StringComparison.Ordinal)))
                return true;
        return false;
    }

    /// <summary>"Sie bekommen die Zuweisung vom Landratsamt": what others give.</summary>
    bool IsTheirs(SentenceView s, int from, int to)
    {
        if (Has(s, from, to, "wir") || Has(s, from, to, "ich"))
            return false;
        for (var i = from; i < to - 1; i++)
            if (s.IsFree(i) && s.IsFree(i + 1) && (s.Word(i) == "vom" && s.Tokens[i + 1].Capital && Noun(s, i + 1) is null || s.Word(i) == "von" && s.Word(i + 1) is "der" or "ihrem" or "ihrer" && Noun(s, i + 2) is null && s.Tokens[Math.Min(i + 2, s.Count - 1)].Capital))
            {
                var who = s.Word(i + (s.Word(i) == "vom" ? 1 : 2));
                if (who.EndsWith("amt", StringComparison.Ordinal) || who.EndsWith("kasse", StringComparison.Ordinal) || who.EndsWith("behorde", StringComparison.Ordinal) || who.EndsWith("ministerium", StringComparison.Ordinal) || who.EndsWith("gericht", StringComparison.Ordinal) || who.EndsWith("kammer", StringComparison.Ordinal) || who.EndsWith("verlag", StringComparison.Ordinal) || who.EndsWith("arbeitgeber", StringComparison.Ordinal) || who.EndsWith("arzt", StringComparison.Ordinal) || Strangers.Contains(who))
                    return true;
            }
        return false;
    }

    /// <summary>"Rechnen Sie am Freitag mit unserem Monteur", "Sie dürfen bis Montag mit der Antwort rechnen".</summary>
    bool Awaited(SentenceView s, int from, int to, List<Act> acts)
    {
        if (!(Has(s, from, to, "rechnen") && Has(s, from, to, "mit") || Has(s, from, to, "erwarten") && s.Word(from) is "erwarten" || Has(s, from, to, "zahlen") && Has(s, from, to, "auf")) || !Has(s, from, to, "sie") || Has(s, from, to, "wir") || IsNegated(s, from, to) || s.Any(from, to, Doubts) || FirstNoun(s, from, to) is null || Has(s, from, to, "mussen"))
            return false;
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && s.Word(i) is "rechnen" or "erwarten" or "zahlen")
            {
                acts.Add(new() { Verb = i, Name = "erhalten", Kind = VerbKind.Light, Reason = "rechnen Sie mit …", NeedsTime = true });
                return true;
            }
        return false;
    }

    static readonly HashSet<string> NoNominal = Set("danke dank öffnungszeiten geöffnet sorry betreff betr ihre ihr letzte letzter vom liebe grüße gruß");
    static readonly HashSet<string> ToThem = Set("sie ihnen dich dir euch konto karte");
    static readonly string[] Doings = ["ruckruf", "anruf", "erstattung", "ruckzahlung", "gutschrift", "uberweisung", "auszahlung", "lieferung", "zustellung", "versand", "abholung", "zusendung", "begehung", "besichtigung", "besuch", "ortstermin", "montage", "einbau", "reparatur", "austausch", "tausch", "antwort", "ruckmeldung", "bescheid", "rechnung", "angebot", "bericht", "vertrag", "wartung", "ablesung", "ersatz", "ersatzlieferung", "nachlieferung", "freischaltung", "korrektur", "stornierung", "sperrung", "entsperrung", "umbuchung", "anderung", "verlangerung", "leerung", "reinigung"];

    /// <summary>"Rückruf morgen um neun durch mich", "- Erstattung der Gebühr auf Ihr Konto": a clause without a verb that a noun of acting leads.</summary>
    Act? Nominal(SentenceView s, Segment segment)
    {
        var (from, to) = (segment.Start, segment.End);
        if (segment.Joined || s.Any(from, to, NoNominal))
            return null;
        var at = -1;
        for (var i = from; i < Math.Min(to, from + 3) && at < 0; i++)
            if (s.IsFree(i) && s.Tokens[i].Capital && Array.Exists(Doings, d => s.Word(i) == d || s.Word(i).EndsWith(d, StringComparison.Ordinal)))
                at = i;
        if (at < 0)
            return null;
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && !s.Tokens[i].Capital && (IsClauseWord(s, i) || Modals.Contains(s.Word(i)) || Not.Contains(s.Word(i)) || Doubts.Contains(s.Word(i)) || IsCondition(s, i)) || Strangers.Contains(s.Word(i)))
                return null;
        // The clause goes on behind its comma where no mark ends it.
        if (s.SegmentIndex(from) + 1 < s.Segments.Count && s.Segments[s.SegmentIndex(from) + 1] is { Hard: false, Joined: false } next && next.End - next.Start > 3)
            return null;
        if (segment is { Hard: false } && s.SegmentIndex(from) > 0 && !(from > 0 && s.Word(from - 1) is ":" or "-" or "–"))
            return null;
        var given = false;
        for (var i = at + 1; i < to; i++)
            given |= s.Word(i) is "an" or "auf" or "bei" or "fur" && s.Any(i + 1, Math.Min(i + 4, to), ToThem) || s.Word(i) is "durch" or "von" && s.Word(i + 1) is "mich" or "mir" or "uns" or "unser" or "unsere" or "unseren" or "unserem" or "unserer";
        var kind = Noun(s, at) is { } noun && noun != PromiseKind.Other ? noun : PromiseKind.Other;
        if (kind is PromiseKind.Other && s.Word(at).EndsWith("abholung", StringComparison.Ordinal)) kind = PromiseKind.Delivery;
        if (kind is PromiseKind.Answer && !given)
            return null;
        return new() { Verb = at, Name = s.Word(at), Kind = kind switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Answer => VerbKind.Answer, PromiseKind.Visit => VerbKind.Visit, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, _ => VerbKind.Other }, Reason = "ein Hauptwort mit einer Zeit", NeedsTime = !given };
    }

    // "Die Ware" is no "wäre": a noun has its capital.
    static bool HasModal(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && Modals.Contains(s.Word(i)) && !(s.Tokens[i].Capital && (i > from || s.Word(i) is "ware" or "waren" && s.IsFree(i + 1) && !s.Tokens[Math.Min(i + 1, s.Count - 1)].Capital && !SelfWords.Contains(s.Word(i + 1)))))
                return true;
        return false;
    }

    static readonly HashSet<string> BareRest = Set("auf bei in im ins per durch von an mit zu ihr ihrem ihrer ihren ihnen konto postfach post briefkasten mail e-mail portal mir uns mich der die das den dem versprochen zugesagt wieder zurück retour neu neue neuer neues volle voller ausführlicher ausführliche : , . ! -");
    static readonly HashSet<string> Occasions = Set("termin termine besuch besichtigung begehung abnahme wartung inspektion ablesung ortstermin beratung vororttermin hausbesuch");
    static readonly HashSet<string> BareDone = Set("erledigt fertig repariert behoben gelöst korrigiert");

    /// <summary>"Monteur morgen um neun", "Geld bis Freitag auf Ihrem Konto", "bis morgen erledigt": no verb, and few words beside the thing and its time.</summary>
    Act? Bare(SentenceView s, Segment segment)
    {
        if (segment.Joined || s.SegmentIndex(segment.Start) > 0 && !segment.Hard)
            return null;
        var (at, kind) = (-1, PromiseKind.Other);
        for (var i = segment.Start; i < s.Count; i++)
        {
            if (at < 0 && i > segment.Start + 8)
                return null;
            if (!s.IsFree(i) || s.Tokens[i].IsMark)
                continue;
            if (at < 0 && s.Tokens[i].Capital && Noun(s, i) is { } noun && noun != PromiseKind.Other && i <= segment.Start + 2)
                (at, kind) = (i, noun);
            else if (at < 0 && BareDone.Contains(s.Word(i)) && HasBy(s, segment.Start, segment.End))
                at = i;
            else if (!BareRest.Contains(s.Word(i)) && !(at >= 0 && BareDone.Contains(s.Word(i))))
                return null;
        }
        // A thing and a day alone may be a heading: "Ihre Rechnung vom 12. Mai".
        if (at < 0 || (kind == PromiseKind.Visit ? s.Any(segment.Start, s.Count, Occasions) : !HasBy(s, segment.Start, s.Count) && Place(s, segment.Start, s.Count) is null && !InThePost(s, segment.Start, s.Count) && !FromUs(s, segment.Start, s.Count)))
            return null;
        return new() { Verb = at, Name = s.Word(at), Kind = kind switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Answer => VerbKind.Answer, PromiseKind.Visit => VerbKind.Visit, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, _ => VerbKind.Other }, Reason = "kein Verb, mit einer Zeit", NeedsTime = true };
    }

    static bool HasBy(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "bis" or "spatestens" or "ab" or "vor")
                return true;
        return false;
    }

    static bool ModalHope(SentenceView s, int from, int to) => Has(s, from, to, "hoffe") || Has(s, from, to, "hoffen") || Has(s, from, to, "versuchen") || Has(s, from, to, "wollten");

    static bool Has(SentenceView s, int from, int to, string word)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && s.Word(i) == word)
                return true;
        return false;
    }

    static bool Assures(SentenceView s, int from, int to) => s.Any(from, to, Pledges) && (Has(s, from, to, "ich") || Has(s, from, to, "wir"));

    static bool IsNegated(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && Not.Contains(s.Word(i)) && !(s.Word(i) == "nicht" && s.Word(i + 1) is "nur" or "spater"))
                return true;
        return false;
    }

    bool SubordinateAt(SentenceView s, int from) => s.IsFree(from) && Subordinate.Contains(s.Word(from));

    void Read(SentenceView s, Segment segment, List<Act> acts, bool zu, bool previousOurs)
    {
        var (from, to) = (segment.Start, segment.End);
        var wir = Has(s, from, to, "wir");
        var ich = Has(s, from, to, "ich");
        var ours = wir || ich;
        // "ich sorge dafür" itself says nothing yet; the clause after it does.
        if (Has(s, from, to, "dafur") && (Has(s, from, to, "sorge") || Has(s, from, to, "sorgen")))
            return;
        if (zu)
        {
            for (var i = from; i < to; i++)
                foreach (var entry in VerbsAt(s, i))
                    if (entry.Kind != VerbKind.Stop && ((entry.Form & VerbForm.Ing) != 0 || (entry.Form & VerbForm.Infinitive) != 0 && s.Word(i - 1) == "zu"))
                    {
                        Put(acts, s, i, entry, "verspreche … zu");
                        return;
                    }
        }
        if (Has(s, from, to, "zu") && InfinitiveWithZu(s, from, to))
            return;
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && Werden.Contains(s.Word(i)))
            {
                WithWerden(s, segment, acts, ours, i);
                return;
            }
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && Perfect.Contains(s.Word(i)))
            {
                Standing(s, segment, acts, i, ours);
                return;
            }
        Present(s, segment, acts, wir, ich, previousOurs);
    }

    bool InfinitiveWithZu(SentenceView s, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (s.Word(i - 1) == "zu" && Find(s, i, VerbForm.Infinitive) is not null)
                return true;
        return false;
    }

    /// <summary>"wird geliefert", "werden wir Sie anrufen".</summary>
    void WithWerden(SentenceView s, Segment segment, List<Act> acts, bool ours, int werden)
    {
        var (from, to) = (segment.Start, segment.End);
        // The verb stands last; look from the end. A comma may cut it off: "werden wir Ihnen das Teil, das fehlt, schicken".
        for (var i = to - 1; i >= from; i--)
            foreach (var entry in VerbsAt(s, i))
            {
                if (i == werden || entry.Particle is not null)
                    continue;
                if ((entry.Form & VerbForm.Infinitive) != 0 && (ours || Third(s, from, to)))
                {
                    if (entry.Kind == VerbKind.Stop)
                        return;
                    // "Sie werden … erhalten"
                    Put(acts, s, i, entry, "werden + Infinitiv");
                    return;
                }
                if ((entry.Form & VerbForm.Participle) != 0 && !ours)
                {
                    if (entry.Kind != VerbKind.Stop)
                        Put(acts, s, i, entry, "wird + Partizip", needsTime: s.Any(from, to, Underway));
                    return;
                }
                if ((entry.Form & VerbForm.Infinitive) != 0 && entry.Kind == VerbKind.Get)
                {
                    Put(acts, s, i, entry, "Sie werden … erhalten");
                    return;
                }
            }
        var last = to - 1;
        while (last > from && (!s.IsFree(last) || s.Tokens[last].IsMark)) last--;
        if (!ours && last != werden && s.Word(werden) is "wird" or "werden" && IsParticiple(s, last))
        {
            acts.Add(new() { Verb = last, Name = s.Word(last), Kind = VerbKind.Other, Reason = "wird + Partizip, Verb nicht in den Tabellen", NeedsTime = !s.Any(from, to, Theirs) || s.Any(from, to, Underway) });
            return;
        }
        if ((ours || s.Any(from, to, Own)) && last != werden && s.Raw(last) is { Length: > 4 } word && word.EndsWith("en", StringComparison.Ordinal) && !Modals.Contains(s.Word(last)) && !Werden.Contains(s.Word(last)) && s.Word(last) is not ("ihnen" or "haben"))
            acts.Add(new() { Verb = last, Name = s.Word(last), Kind = VerbKind.Other, Reason = "werden, Verb nicht in den Tabellen" });
    }

    static readonly HashSet<string> Underway = Set("derzeit zurzeit aktuell momentan gerade noch");

    static readonly HashSet<string> Own = Set("meine mein meiner unsren unsrer unser unsere unserer unseren unserem herr frau kollege kollegin kollegen team");

    /// <summary>A participle that no table knows: "laminiert", "gehobelt", "nachgezogen".</summary>
    static bool IsParticiple(SentenceView s, int at) => s.IsFree(at) && !s.Tokens[at].Capital && s.Raw(at) is { Length: > 5 } word && (word.EndsWith("iert", StringComparison.Ordinal) || (word.EndsWith('t') || word.EndsWith("en", StringComparison.Ordinal)) && (word.StartsWith("ge", StringComparison.Ordinal) || word.IndexOf("ge", StringComparison.Ordinal) is > 1 and < 6)) && s.Word(at) is not ("gerecht" or "gesamt" or "genannt" or "gegen" or "gerne" or "geschlossen" or "geoffnet" or "gestattet" or "gebeten" or "angenommen" or "gewesen" or "gegeben" or "gern");

    /// <summary>Somebody who is not "Sie": "Herr Schmidt wird Sie anrufen"; "Sie werden uns anrufen" is the customer's own.</summary>
    bool Third(SentenceView s, int from, int to) => !(s.Word(from) == "sie" && Has(s, from, to, "uns")) && !(s.Word(from) == "sie" && Has(s, from, to, "werden"));

    /// <summary>"Sie haben bis Freitag eine Antwort", "Ihr Geld ist bis Freitag auf dem Konto", "der Techniker ist am Mittwoch bei Ihnen".</summary>
    void Standing(SentenceView s, Segment segment, List<Act> acts, int at, bool ours)
    {
        var (from, to) = (segment.Start, segment.End);
        var limited = false;
        // "Der Monteur ist für Donnerstag eingeteilt", "das Paket ist heute Abend weg", "der Kaminfeger ist am Dienstag im Haus".
        if (s.Word(at) is "ist" or "sind" && !ours && FirstNoun(s, from, to) is PromiseKind.Visit or PromiseKind.Call or PromiseKind.Delivery)
        {
            var thing = FirstNoun(s, from, to);
            for (var i = from; i < to; i++)
                if (s.IsFree(i) && (Fixed.Contains(s.Word(i)) || thing is PromiseKind.Delivery && s.Word(i) is "weg" or "raus" or "draussen" or "unterwegs" && i >= to - 2 || thing is PromiseKind.Visit && s.Word(i) is "haus" && s.Word(i - 1) is "im"))
                {
                    acts.Add(new() { Verb = at, Name = "sein", Kind = VerbKind.Light, Reason = "ist eingeteilt", NeedsTime = true });
                    return;
                }
        }
        for (var i = from; i < to; i++)
            limited |= s.Word(i) is "bis" or "spatestens" or "morgen" or "ubermorgen" or "heute" or "innerhalb" or "binnen" or "innert";
        for (var i = from; i < to; i++)
            foreach (var entry in VerbsAt(s, i))
                if ((entry.Form & VerbForm.Participle) != 0 && entry.Kind is not (VerbKind.Stop or VerbKind.Get) && entry.Particle is null && i != at)
                {
                    // "Ist bis Freitag repariert", not "ist am Montag geliefert worden".
                    if (limited && s.Word(at) is "ist" or "sind" && !ours && entry.Verb is "erledigen" && !Has(s, from, to, "worden"))
                        Put(acts, s, i, entry, "ist bis … erledigt", needsTime: true);
                    else if (limited && s.Word(at) is "ist" or "sind" && !ours && !Has(s, from, to, "worden") && entry.Kind is VerbKind.Other or VerbKind.Refund or VerbKind.Arrange or VerbKind.Send && s.Raw(i).Contains("ge", StringComparison.Ordinal) | entry.Kind is VerbKind.Other or VerbKind.Refund && entry.Verb is not ("gehen" or "verlassen"))
                        Put(acts, s, i, entry, "ist bis … fertig", needsTime: true);
                    // "Wir haben das bis Donnerstag repariert": done by then, and not yet.
                    else if (ours && s.Word(at) is "haben" or "habe" && (Has(s, from, to, "bis") || Has(s, from, to, "spatestens")) && entry.Kind is not (VerbKind.Light or VerbKind.Come or VerbKind.Visit) && entry.Verb is not "schließen")
                        Put(acts, s, i, entry, "haben es bis … getan", needsTime: true);
                    return;
                }
        if (s.Word(at) is "ist" or "sind" && !ours && (Has(s, from, to, "abholbereit") || FirstNoun(s, from, to) is PromiseKind.Delivery && s.Word(at + 1) is not "in" && InThePost(s, from, to)))
        {
            acts.Add(new() { Verb = at, Name = "abholbereit", Kind = VerbKind.Delivery, Reason = "ist abholbereit", NeedsTime = true });
            return;
        }
        if (s.Word(at) is "ist" or "sind" && !ours && HasBy(s, from, to) && Has(s, from, to, "wieder") && (Has(s, from, to, "frei") || Has(s, from, to, "an") || Has(s, from, to, "verfugbar") || Has(s, from, to, "erreichbar") || Has(s, from, to, "aktiv") || Has(s, from, to, "offen") || Has(s, from, to, "da") || Has(s, from, to, "online")))
        {
            acts.Add(new() { Verb = at, Name = "reparieren", Kind = VerbKind.Other, Reason = "ist wieder …", NeedsTime = true });
            return;
        }
        if (limited && s.Word(at) is "ist" or "sind" && !Has(s, from, to, "worden") && (Has(s, from, to, "fertig") || Has(s, from, to, "abholbereit") || Has(s, from, to, "einsatzbereit") || Has(s, from, to, "erledigt")) && !Has(s, from, to, "sie"))
        {
            acts.Add(new() { Verb = at, Name = "fertig", Kind = VerbKind.Other, Reason = "ist … fertig", NeedsTime = true });
            return;
        }
        var noun = FirstNoun(s, from, to);
        var you = Has(s, from, to, "sie") || Has(s, from, to, "du") || Has(s, from, to, "ihr") && s.Word(at) == "habt";
        // "Das Geld ist auf dem Weg zu Ihnen", "auf Ihrem Konto ist es in drei Tagen", "Sie haben mich um zehn am Apparat".
        if (s.Word(at) is "ist" or "sind" && !ours && noun is not null && Has(s, from, to, "weg") && Has(s, from, to, "zu") && Has(s, from, to, "ihnen"))
        {
            acts.Add(new() { Verb = at, Name = "sein", Kind = VerbKind.Light, Reason = "ist auf dem Weg" });
            return;
        }
        if (s.Word(at) is "ist" or "sind" && !ours && Place(s, from, to) is { } lies && (noun is not null || Has(s, from, to, "es") || Has(s, from, to, "sie")))
        {
            acts.Add(new() { Verb = at, Name = "sein", Kind = lies, Reason = "ist im …", NeedsTime = true });
            return;
        }
        if (s.Word(at) is "haben" or "hast" && !IsParticiple(s, LastWord(s, from, to)) && Find(s, LastWord(s, from, to), VerbForm.Participle) is null && (Has(s, from, to, "mich") || Has(s, from, to, "uns")) && (Has(s, from, to, "apparat") || Has(s, from, to, "telefon") || Has(s, from, to, "leitung")))
        {
            acts.Add(new() { Verb = at, Name = "anrufen", Kind = VerbKind.Call, Reason = "haben mich am Apparat", NeedsTime = true });
            return;
        }
        if (s.Word(at) is "bin" or "sind" && ours && Has(s, from, to, "da") && !Has(s, from, to, "wieder") && !Has(s, from, to, "fur") && !HasBy(s, from, to))
        {
            acts.Add(new() { Verb = at, Name = "kommen", Kind = VerbKind.Visit, Reason = "bin da", NeedsTime = true });
            return;
        }
        if (s.Word(at) is "ist" or "sind" && !ours && (noun is null || Has(s, from, to, "matte")) && AtTheirs(s, from, to) && (s.Any(from, to, Own) || NameIn(s, from, to)))
        {
            acts.Add(new() { Verb = at, Name = "kommen", Kind = VerbKind.Visit, Reason = "ist bei Ihnen", NeedsTime = true });
            return;
        }
        if (s.Word(at) is "haben" or "habe" or "hat" or "hast" or "habt")
        {
            if (you && !ours && noun is null && Place(s, from, to) is { } place && !Has(s, from, to, "uns"))
                acts.Add(new() { Verb = at, Name = "haben", Kind = place, Reason = "Sie haben es im …", NeedsTime = true });
            else if (you && !ours && noun is not null && (!Has(s, from, to, "uns") || FromUs(s, from, to)))
                acts.Add(new() { Verb = at, Name = "haben", Kind = VerbKind.Light, Reason = "Sie haben bis …", NeedsTime = true });
        }
        else if (ours && AtTheirs(s, from, to) && s.Word(at) is "sind" or "bin")
            acts.Add(new() { Verb = at, Name = "kommen", Kind = VerbKind.Visit, Reason = "sind bei Ihnen", NeedsTime = true });
        else if (noun is PromiseKind.Visit && Has(s, from, to, "wieder") && !AtTheirs(s, from, to))
            return;
        else if (noun is PromiseKind.Visit or PromiseKind.Delivery or PromiseKind.Refund or PromiseKind.Answer && (Has(s, from, to, "bei") || Has(s, from, to, "auf") || Has(s, from, to, "da") || Has(s, from, to, "vor") || Has(s, from, to, "konto") || Has(s, from, to, "zuruck") || Has(s, from, to, "geplant") || Has(s, from, to, "gebucht") || Has(s, from, to, "eingeplant")))
            acts.Add(new() { Verb = at, Name = "sein", Kind = VerbKind.Light, Reason = "ist bis …", NeedsTime = true });
    }

    static readonly HashSet<string> Fixed = Set("eingeteilt eingeplant geplant gebucht vorgesehen angesetzt terminiert vorgemerkt bestellt vereinbart notiert");

    static bool InThePost(SentenceView s, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (s.Word(i) is "post" && s.Word(i - 1) is "der")
                return true;
        return false;
    }

    /// <summary>Where it ends up tells what it is.</summary>
    static VerbKind? Place(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            switch (s.Word(i))
            {
                case "postfach" or "posteingang" or "mailfach" or "schreibtisch" or "mailbox" or "inbox" or "portal" or "kundenportal" or "e-mail-postfach" or "mail" or "e-mail": return VerbKind.Answer;
                case "konto" or "bankkonto" or "girokonto" or "kreditkarte": return VerbKind.Refund;
                case "briefkasten" or "haustur" or "paketbox" or "ture": return VerbKind.Delivery;
            }
        return null;
    }

    /// <summary>"Bei Ihnen", "vor Ort", "vor der Tür".</summary>
    static bool AtTheirs(SentenceView s, int from, int to) => Has(s, from, to, "bei") && (Has(s, from, to, "ihnen") || Has(s, from, to, "dir") || Has(s, from, to, "euch")) || Has(s, from, to, "vor") && (Has(s, from, to, "ort") || Has(s, from, to, "tur")) || Has(s, from, to, "matte");

    /// <summary>A word with a capital that is no noun of the tables and does not begin the clause with an article: a name.</summary>
    static bool NameIn(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && s.Tokens[i].Capital && s.Word(i) is not ("ihr" or "ihre" or "ihnen" or "sie" or "es" or "das" or "die" or "der" or "in" or "ihren"))
                return true;
        return false;
    }

    /// <summary>What an expression of several words makes of a plain verb.</summary>
    (VerbKind Kind, string Name)? Idiom(SentenceView s, int from, int to, string verb) => verb switch
    {
        "nehm" when Has(s, from, to, "augenschein") => (VerbKind.Visit, "besuchen"),
        "nehm" when Has(s, from, to, "lupe") => (VerbKind.Check, "prüfen"),
        "nehm" when Has(s, from, to, "kontakt") => (VerbKind.Answer, "kontaktieren"),
        "nehm" when Has(s, from, to, "angriff") => (VerbKind.Other, "beginnen"),
        "setz" when Has(s, from, to, "verbindung") || Has(s, from, to, "kontakt") || Has(s, from, to, "kenntnis") => (VerbKind.Answer, "kontaktieren"),
        "tret" when Has(s, from, to, "kontakt") || Has(s, from, to, "verbindung") => (VerbKind.Answer, "kontaktieren"),
        "klingel" or "klingl" or "bimmel" or "bimml" when Has(s, from, to, "durch") || Has(s, from, to, "an") => (VerbKind.Call, "anrufen"),
        "klingel" or "lauf" when Has(s, from, to, "telefon") => (VerbKind.Call, "anrufen"),
        "mach" or "nehm" when Has(s, from, to, "aufmass") || Has(s, from, to, "aufmas") => (VerbKind.Visit, "besuchen"),
        "sag" when (Has(s, from, to, "ihnen") || Has(s, from, to, "dir") || Has(s, from, to, "euch")) && !Has(s, from, to, "danke") && !Has(s, from, to, "dank") => (VerbKind.Answer, "sagen"),
        "stell" when s.Word(LastWord(s, from, to)) == "ab" && FirstNoun(s, from, to) is null => (VerbKind.Other, "abstellen"),
        "hang" or "setz" when Has(s, from, to, "telefon") => (VerbKind.Call, "anrufen"),
        "nehm" when (Has(s, from, to, "mass") || Has(s, from, to, "mas")) && AtTheirs(s, from, to) => (VerbKind.Visit, "besuchen"),
        "nehm" or "streich" when Has(s, from, to, "liste") || Has(s, from, to, "verteiler") || Has(s, from, to, "warteliste") => (VerbKind.Other, "austragen"),
        "stell" or "leg" or "lad" or "pack" when Place(s, from, to) is VerbKind.Answer => (VerbKind.Answer, "senden"),
        "lauf" or "geh" when s.Word(LastWord(s, from, to)) == "durch" && FirstNoun(s, from, to) is PromiseKind.Refund => (VerbKind.Refund, "erstatten"),
        "mach" or "erledig" when Has(s, from, to, "das") || Has(s, from, to, "es") || Has(s, from, to, "dies") => (VerbKind.Other, "fertig"),
        "komm" or "wander" or "ruck" when Has(s, from, to, "liste") || Has(s, from, to, "warteliste") || Has(s, from, to, "verteiler") => (VerbKind.Other, "eintragen"),
        "seh" when FirstNoun(s, from, to) is PromiseKind.Refund && Has(s, from, to, "sie") => (VerbKind.Refund, "erstatten"),
        "find" or "schau" or "seh" when Place(s, from, to) is { } where && Has(s, from, to, "sie") => (where, "senden"),
        "greif" when Has(s, from, to, "horer") || Has(s, from, to, "telefon") => (VerbKind.Call, "anrufen"),
        "komm" when Has(s, from, to, "auf") && s.Word(LastWord(s, from, to)) == "zu" => (VerbKind.Answer, "melden"),
        "geh" when s.Word(LastWord(s, from, to)) == "nach" => (VerbKind.Other, "nachgehen"),
        "geh" when Has(s, from, to, "grund") => (VerbKind.Other, "nachgehen"),
        "lauf" or "funktionier" when Has(s, from, to, "wieder") && HasBy(s, from, to) => (VerbKind.Other, "reparieren"),
        "leit" when s.Word(LastWord(s, from, to)) == "weiter" && FirstNoun(s, from, to) is PromiseKind.Answer && Has(s, from, to, "ihnen") => (VerbKind.Answer, "senden"),
        "setz" when s.Any(from, to, Theirs) && (Has(s, from, to, "auf") || Has(s, from, to, "in")) && (Has(s, from, to, "liste") || Has(s, from, to, "warteliste") || Has(s, from, to, "verteiler") || Has(s, from, to, "kalender")) => (VerbKind.Other, "eintragen"),
        "ruck" when s.Word(LastWord(s, from, to)) == "aus" => (VerbKind.Visit, "besuchen"),
        "schneid" or "rasier" or "mess" when AtTheirs(s, from, to) => (VerbKind.Visit, "besuchen"),
        "steh" or "lieg" or "wart" when Has(s, from, to, "abholung") || Has(s, from, to, "abholen") || Has(s, from, to, "abholbereit") || Has(s, from, to, "bereit") && FirstNoun(s, from, to) is PromiseKind.Delivery && Has(s, from, to, "sie") => (VerbKind.Delivery, "abholbereit"),
        "steh" or "lieg" when Has(s, from, to, "fertig") || Has(s, from, to, "bereit") || Has(s, from, to, "abholbereit") => (VerbKind.Other, "fertig"),
        "stell" or "leg" or "hang" or "werf" or "deponier" when Has(s, from, to, "vor") && (Has(s, from, to, "tur") || Has(s, from, to, "haustur")) || Has(s, from, to, "briefkasten") => (VerbKind.Delivery, "bringen"),
        "mach" when Has(s, from, to, "ordnung") || Has(s, from, to, "neu") || Has(s, from, to, "ganz") => (VerbKind.Other, "reparieren"),
        "klopf" when AtTheirs(s, from, to) => (VerbKind.Visit, "besuchen"),
        "steh" or "klingel" or "lauf" when AtTheirs(s, from, to) => (VerbKind.Visit, "besuchen"),
        "fahr" when AtTheirs(s, from, to) || Has(s, from, to, "ihnen") => (VerbKind.Visit, "besuchen"),
        "schau" or "seh" when AtTheirs(s, from, to) => (VerbKind.Visit, "besuchen"),
        "geb" or "bring" or "schick" when Has(s, from, to, "post") || Has(s, from, to, "versand") || Has(s, from, to, "weg") => (VerbKind.Delivery, "versenden"),
        "bring" when Has(s, from, to, "ordnung") => (VerbKind.Other, "reparieren"),
        "leit" when Has(s, from, to, "wege") => (VerbKind.Arrange, "veranlassen"),
        "stell" when Has(s, from, to, "verfugung") => (VerbKind.Send, "senden"),
        "sag" when Has(s, from, to, "bescheid") => (VerbKind.Answer, "informieren"),
        "sprech" or "red" when Has(s, from, to, "telefon") || Has(s, from, to, "telefonisch") => (VerbKind.Call, "anrufen"),
        "mach" when Has(s, from, to, "weg") => (VerbKind.Visit, "besuchen"),
        "mach" when Has(s, from, to, "fertig") => (VerbKind.Other, "fertig"),
        _ => null,
    };

    static readonly HashSet<string> Theirs = Set("sie ihnen ihr ihre ihren ihrem ihrer ihres dich dir dein deine deinen deinem deiner euch euer eure");

    static readonly HashSet<string> Particles = Set("frei zurück ein auf zu vor nach um ab aus los her hin fertig bereit weg raus heraus rein herein rüber hoch runter herunter weiter wieder durch zusammen gut vorbei hinzu hinein neu fest gerade instand sauber");

    /// <summary>The root of a verb in the present: of "nimmt" it is "nehm".</summary>
    static string Root(string word) => word switch
    {
        "nimmt" => "nehm",
        "fahrt" => "fahr",
        "lauft" => "lauf",
        "sieht" => "seh",
        "gibt" => "geb",
        "tritt" => "tret",
        "spricht" => "sprech",
        _ => word.EndsWith("en", StringComparison.Ordinal) ? word[..^2] : word.EndsWith("et", StringComparison.Ordinal) && word.Length > 5 ? word[..^2] : word.EndsWith('e') || word.EndsWith('t') || word.EndsWith('n') ? word[..^1] : word,
    };

    static readonly HashSet<string> NoVerb = Set("gratuliere gratulieren empfehle drücke drücken biete sage sagen gestehe gestehen erlaube erlauben zeige zeigen erkläre erklären verdanke verdanken traue vertraue versichere versprechen verspreche überlasse überlassen erzähle fühle fühlen leide stimme stimmen pflichte widerspreche folge folgen höre gönne gönnen verzeihe nenne nennen schulde schulden wünscht gebe geben schlage schlagen lege legen schenke entnehme entnehmen gehöre fehle fehlen passe passen gefalle komme kommen bitte begrüße begrüßen kenne merke merken spüre verkaufe entgegen antworte rufe lerne bewundere teile teilen bestätige bestätigen beglückwünsche bedanke bedanken bitte danke gerne gern heute ihnen einen eine ihre keine diese alle viele beide sehr leider selbst wegen gegen wieder morgen sonst erst bereits soweit damit sowie schon noch bis seit zwischen neben binnen innen außen unten oben eben haben sehen finden denken glauben hoffen wissen gehen stehen lassen nehmen setzen treten bleiben brauchen erwarten rechnen freuen danken bitten bedauern verstehen entschuldigen möchten können müssen sollen dürfen wollen mögen werden würden waren hatten sind planen beabsichtigen versuchen bemühen streben peilen arbeiten suchen warten zählen verwenden nutzen bieten empfehlen raten akzeptieren verkaufen führen kennen leben wohnen lieben mussten konnten sollten wollten durften schließen öffnen vertrauen gehören zögern lernen nicht wünschen fragen meinen gucken befinden beruhen besitzen heißen bestehen zahlen wünsche habe sehe finde denke glaube hoffe weiß gehe stehe lasse nehme bleibe brauche freue danke meine deine seine rate frage suche arbeite warte sie die wie nie");

    /// <summary>"Wir geben es … frei", "ich hoble die Tür …": a verb that no table knows, beside us, with a time.</summary>
    bool Unknown(SentenceView s, Segment segment, List<Act> acts, bool wir, bool ich)
    {
        var (from, to) = (segment.Start, segment.End);
        for (var i = from; i < to; i++)
        {
            if (!s.IsFree(i) || s.Word(i) is not ("wir" or "ich"))
                continue;
            foreach (var at in (ReadOnlySpan<int>)[i + 1, i - 1])
            {
                if (at < from || at >= to || !s.IsFree(at) || !s.Tokens[at].IsWord || s.Tokens[at].Capital && at != from || s.Raw(at) is not { Length: > 3 } word)
                    continue;
                var fits = s.Word(i) == "wir" ? word.EndsWith("en", StringComparison.Ordinal) || word.EndsWith("ern", StringComparison.Ordinal) || word.EndsWith("eln", StringComparison.Ordinal) : word.EndsWith('e');
                var particle = LastWord(s, from, to);
                var apart = particle > at && Particles.Contains(s.Word(particle));
                // Of no concern to the customer: "wir wandern morgen".
                if (!fits || !apart && !s.Any(from, to, Theirs) || !apart && (NoVerb.Contains(s.Word(at)) || VerbsAt(s, at).Length > 0) || Modals.Contains(s.Word(at)))
                    continue;
                acts.Add(new() { Verb = at, Name = (apart ? s.Word(particle) : "") + Root(s.Word(at)), Kind = VerbKind.Other, Reason = "Gegenwart, Verb nicht in den Tabellen", NeedsTime = !(s.Any(from, to, Dative) && !apart && !s.Any(from, to, Underway) && at < i | s.Word(at + 1) is "ihnen" or "dir" or "euch") });
                return true;
            }
        }
        return false;
    }

    /// <summary>"Von uns", "von mir".</summary>
    static bool FromUs(SentenceView s, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (s.Word(i) is "uns" or "mir" && s.Word(i - 1) is "von")
                return true;
        return false;
    }

    static readonly HashSet<string> Dative = Set("ihnen dir euch");

    static int LastWord(SentenceView s, int from, int to)
    {
        var last = to - 1;
        while (last > from && (!s.IsFree(last) || s.Tokens[last].IsMark)) last--;
        return last;
    }

    void Present(SentenceView s, Segment segment, List<Act> acts, bool wir, bool ich, bool previousOurs)
    {
        var (from, to) = (segment.Start, segment.End);
        var sie = Has(s, from, to, "sie");
        // "Rufe Sie morgen an": without its subject; "… und melden uns": with the one before.
        var noSubject = !wir && !ich && (segment.Joined && previousOurs || s.SegmentIndex(from) == 0);
        var du = Has(s, from, to, "du");
        for (var i = from; i < to; i++)
        {
            // "Näheres erfahren Sie von mir am Donnerstag", "morgen wissen Sie mehr".
            if (s.IsFree(i) && (sie || du) && !wir && !ich && (s.Word(i) is "erfahren" or "erfahrst" or "lesen" or "liest" && FromUs(s, from, to) || s.Word(i) is "wissen" or "weist" && (Has(s, from, to, "mehr") || Has(s, from, to, "es") || Has(s, from, to, "das"))))
            {
                acts.Add(new() { Verb = i, Name = "melden", Kind = VerbKind.Answer, Reason = "Sie erfahren von uns", NeedsTime = true });
                return;
            }
            // "Lassen wir Ihnen zukommen", "lasse ich reparieren": the verb that is done stands last.
            if (s.IsFree(i) && (s.Word(i) is "lassen" && wir || s.Word(i) is "lasse" or "lass" && ich))
            {
                if (s.Word(LastWord(s, from, to)) is "wissen" or "horen")
                    acts.Add(new() { Verb = i, Name = "melden", Kind = VerbKind.Answer, Reason = "lassen … wissen" });
                else if (Find(s, LastWord(s, from, to), VerbForm.Infinitive) is null && FirstNoun(s, from, to) is PromiseKind.Delivery)
                    acts.Add(new() { Verb = i, Name = "bringen", Kind = VerbKind.Delivery, Reason = "lassen", NeedsTime = true });
                else if (Find(s, LastWord(s, from, to), VerbForm.Infinitive) is { Kind: not VerbKind.Stop } let)
                    Put(acts, s, LastWord(s, from, to), let, "lassen + Infinitiv", needsTime: let.Kind == VerbKind.Answer);
                return;
            }
            if (s.IsFree(i) && !s.Tokens[i].Capital | i == from && Idiom(s, from, to, Root(s.Word(i))) is { } idiom && (wir || ich || !sie || i > from + 1))
            {
                acts.Add(new() { Verb = i, Name = idiom.Name, Kind = idiom.Kind, Reason = "Wendung", NeedsTime = !(wir || ich) || idiom.Kind == VerbKind.Delivery || idiom.Name is "fertig" or "sagen", Shares = segment.Joined && i <= from + 2 && acts.Count > 0 });
                return;
            }
            VerbEntry? best = null;
            foreach (var entry in VerbsAt(s, i))
            {
                var shortened = (entry.Form & (VerbForm.First | VerbForm.Third | VerbForm.You | VerbForm.Subjunctive)) == VerbForm.Subjunctive;
                if (shortened && !(ich && (s.Word(i - 1) is "ich" || s.Word(i + 1) is "ich") || noSubject && i == from && s.Word(i + 1) is "sie" or "dich" or "mich" or "dir" or "ihnen"))
                    continue;
                if ((entry.Form & (VerbForm.First | VerbForm.Third | VerbForm.You | VerbForm.Subjunctive)) == 0)
                    continue;
                if (entry.Particle is { } particle && !ParticleIn(s, i, to, particle))
                    continue;
                if (best is null || entry.Particle is not null && best.Value.Particle is null)
                    best = entry;
            }
            if (best is not { } verb)
                continue;
            // A particle of its own makes it another verb: "geben … frei".
            if (verb.Particle is null && (wir || ich) && verb.Kind is VerbKind.Light or VerbKind.Stop or VerbKind.Other && LastWord(s, from, to) is var lastWord && lastWord > i + 1 && Particles.Contains(s.Word(lastWord)) && Unknown(s, segment, acts, wir, ich))
                return;
            if (verb.Kind == VerbKind.Stop)
                return;
            var raw = s.Raw(i);
            var ending = raw.EndsWith("en", StringComparison.Ordinal) || raw.EndsWith("ern", StringComparison.Ordinal) || raw.EndsWith("eln", StringComparison.Ordinal) ? 'n' : raw.EndsWith('e') && (verb.Form & VerbForm.First) != 0 ? 'e' : 't';
            if ((verb.Form & (VerbForm.First | VerbForm.Third | VerbForm.You)) == 0)
                ending = 'e';
            var shares = false;
            if (verb.Kind == VerbKind.Get && (sie || du || s.Word(i - 1) == "ihr" || s.Word(i + 1) == "ihr" && ending == 't') && !wir && !ich && ending != 'e' || verb.Verb == "hören" && (sie || du) && (Has(s, i, to, "uns") || Has(s, i, to, "mir")))
            {
                Put(acts, s, i, verb.Verb == "hören" ? verb with { Kind = VerbKind.Answer } : verb, "Sie erhalten");
                return;
            }
            switch (ending)
            {
                case 'n' when wir && s.Word(i - 1) is not "sie":
                    break;
                case 'e' when ich:
                    break;
                case 'n' or 'e' when noSubject && (segment.Joined ? i <= from + 2 : ending == 'e' && i == from):
                    // "Senden Sie uns …" is what we ask of the customer.
                    if (s.Word(i + 1) == "sie" && ending == 'n')
                        return;
                    shares = segment.Joined && acts.Count > 0;
                    break;
                case 't' when !wir && !ich:
                    // The third person needs somebody or something of ours, and a time.
                    if (Has(s, from, i, "sie") && !HasNounBefore(s, from, to) || verb.Kind == VerbKind.Get && verb.Verb is not "erreichen")
                        return;
                    // "Die Liste geht in Druck": not to the customer.
                    if (verb.Verb is "gehen" && FirstNoun(s, from, to) is PromiseKind.Answer && !s.Any(from, to, Theirs) && Place(s, from, to) is null && !Has(s, from, to, "post") && !Has(s, from, to, "versand"))
                        return;
                    if (verb.Verb != "verlassen" && (Has(s, from, to, "uns") || Has(s, from, to, "mir")))
                        return;
                    Put(acts, s, i, verb, "Gegenwart, dritte Person", needsTime: true, shares: segment.Joined && i <= from + 1 && acts.Count > 0);
                    return;
                case 'n' when Plural(s, from, to) && (!sie || i > from + 1):
                    Put(acts, s, i, verb, "Gegenwart, Mehrzahl", needsTime: true);
                    return;
                default:
                    continue;
            }
            // "Wir informieren Sie, dass …", "Ich schreibe Ihnen, weil …": done by saying it.
            var performs = verb.Kind == VerbKind.Answer && verb.Verb is not ("melden" or "zurückmelden");
            if (verb.Verb == "melden" && !Has(s, from, to, "uns") && !Has(s, from, to, "mich"))
                return;
            Put(acts, s, i, verb, "Gegenwart", needsTime: performs || s.Any(from, to, Always) || verb.Kind is VerbKind.Come or VerbKind.Light && verb.Verb is not ("geben" or "halten"), shares: shares);
            return;
        }
        if (!Unknown(s, segment, acts, wir, ich) && !wir && !ich)
            UnknownThird(s, segment, acts);
    }

    static readonly HashSet<string> Always = Set("immer stets jeden jede jedes täglich wöchentlich montags dienstags mittwochs donnerstags freitags samstags sonntags");
    static readonly HashSet<string> NoThird = Set("nicht jetzt heute selbst sonst erst bereits echt fest gut recht dort hast seit statt samt laut damit somit mit weit zuletzt zunächst vielleicht meist sicht direkt sofort bestimmt unbedingt ist hat wird steht liegt bleibt kostet dauert gilt passt heißt gibt gehört fehlt sieht reicht klappt lautet besteht betrifft enthält funktioniert stimmt geht läuft kann muss braucht schaut macht tut weiß freut dankt findet beginnt endet öffnet schließt startet befindet berechtigt gefällt jederzeit derzeit zurzeit insgesamt überhaupt dezent leicht schlecht komplett nett spät zeit nachts längst höchst möglichst kalt alt gesamt mitsamt");

    /// <summary>"Unser Ableser klopft bei Ihnen", "Der Poldi legt Ihnen … hin": a verb no table knows, of somebody of ours, with a time.</summary>
    void UnknownThird(SentenceView s, Segment segment, List<Act> acts)
    {
        var (from, to) = (segment.Start, segment.End);
        if (Has(s, from, to, "uns") || !s.Any(from, to, Dative) && !s.Any(from, to, Own) || !s.Any(from, to, Own) && FirstNoun(s, from, to) is not (PromiseKind.Visit or PromiseKind.Delivery))
            return;
        for (var i = from + 1; i < to; i++)
        {
            if (!s.IsFree(i) || s.Tokens[i].Capital || !s.Tokens[i].IsWord || s.Raw(i) is not { Length: > 3 } word || !word.EndsWith('t') || word.EndsWith("keit", StringComparison.Ordinal) || NoThird.Contains(s.Word(i)) || Not.Contains(s.Word(i)) || VerbsAt(s, i).Length > 0)
                continue;
            var person = FirstNoun(s, from, to) is PromiseKind.Visit || s.Any(from, to, Own);
            acts.Add(new() { Verb = i, Name = Root(s.Word(i)), Kind = AtTheirs(s, from, to) ? person ? VerbKind.Visit : VerbKind.Delivery : VerbKind.Other, Reason = "dritte Person, Verb nicht in den Tabellen", NeedsTime = true });
            return;
        }
    }

    bool HasNounBefore(SentenceView s, int from, int to) => FirstNoun(s, from, to) is not null;

    bool Plural(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && s.Word(i) is "unsere" or "die" or "kollegen" or "techniker" or "ersatzteile" or "teile" or "waren")
                return true;
        return false;
    }

    static bool ParticleIn(SentenceView s, int verb, int to, string particle)
    {
        // The particle ends the clause.
        for (var i = to - 1; i > verb; i--)
        {
            if (s.Raw(i) == particle && s.IsFree(i))
                return true;
            if (i < to - 9)
                break;
        }
        // "… am Freitag, den 27. November, an": behind a comma.
        return to + 1 < s.Count && s.Raw(to + 1) == particle && s.Word(to) == ",";
    }

    static void Put(List<Act> acts, SentenceView s, int at, VerbEntry verb, string reason, bool needsTime = false, bool shares = false)
    {
        if (s.IsFree(at))
            acts.Add(new() { Verb = at, Name = verb.Verb is "zurückrufen" ? "anrufen" : verb.Verb, Kind = verb.Kind, Reason = reason, NeedsTime = needsTime, Shares = shares });
    }

    public override PromiseKind? KindOf(SentenceView s, Act act)
    {
        if (act.Kind == VerbKind.Answer && act.Name is "melden" or "kontaktieren" or "hören")
            for (var i = act.Start; i < act.End; i++)
                if (s.Word(i) is "telefonisch" or "telefon")
                    return PromiseKind.Call;
        if (act.Kind is VerbKind.Other && (act.Name.Contains("ruf", StringComparison.Ordinal) || act.Name.Contains("klingel", StringComparison.Ordinal) || act.Name.Contains("laut", StringComparison.Ordinal) || act.Name.Contains("telefon", StringComparison.Ordinal)) && s.Any(act.Start, act.End, Theirs))
            return PromiseKind.Call;
        // What is done at their place is done by somebody who comes; so is a look that a person of ours takes.
        if (act.Kind is VerbKind.Other && AtTheirs(s, act.Start, act.End) || act is { Kind: VerbKind.Check, Name: "ansehen" or "anschauen" or "nachsehen" or "nachschauen" } && FirstNoun(s, act.Start, act.Verb) is PromiseKind.Visit)
            return PromiseKind.Visit;
        if (act.Kind is VerbKind.Other && (act.Name.StartsWith("ruber", StringComparison.Ordinal) || act.Name.StartsWith("vorbei", StringComparison.Ordinal)) && s.Any(act.Start, act.End, Dative))
            return PromiseKind.Delivery;
        if (act.Name is "reservieren")
            return PromiseKind.Other;
        if (act.Name is "abziehen" && (Has(s, act.Start, act.End, "prozent") || Has(s, act.Start, act.End, "%")))
            return PromiseKind.Refund;
        if (act is { Name: "stornieren" or "abziehen" or "verrechnen" or "zurücknehmen" or "zurucknehm" or "gegenrechnen" } && (FirstNoun(s, act.Verb + 1, act.End) ?? FirstNoun(s, act.Start, act.Verb)) is PromiseKind.Refund)
            return PromiseKind.Refund;
        if (act.Kind is VerbKind.Send or VerbKind.Delivery)
            for (var i = act.Start; i < act.End; i++)
                if (s.Word(i) is "per" && s.Word(i + 1) is "mail" or "e-mail" or "email" or "sms" or "fax" or "whatsapp")
                    return PromiseKind.Answer;
        if (act.Kind == VerbKind.Delivery && act.Name is "versenden" or "verschicken" or "losschicken" or "abschicken" or "absenden" or "zurückschicken" or "rausgehen" or "rausschicken" or "zustellen" or "eintreffen" or "eintrudeln" or "rübermailen")
            return FirstNoun(s, act.Start, act.End) is PromiseKind.Answer ? PromiseKind.Answer : FirstNoun(s, act.Start, act.Verb) is PromiseKind.Refund ? PromiseKind.Refund : PromiseKind.Delivery;
        return base.KindOf(s, act);
    }

    protected override bool FetchesToo(SentenceView s, Act act)
    {
        for (var i = act.Start; i < act.End; i++)
            if (s.Word(i) is "abholen" or "abzuholen")
                return true;
        return false;
    }

    protected override PromiseKind ComesAlone(SentenceView s, Act act)
    {
        for (var i = act.Start; i < act.End; i++)
            if (s.Word(i) == "es")
                return PromiseKind.Delivery;
        // "Ihre Schaukel kommt am Freitag": what is theirs is no person of ours.
        for (var i = act.Start; i < act.End; i++)
            if (s.Word(i) is "ihr" or "ihre" && s.IsFree(i + 1) && s.Tokens[Math.Min(i + 1, s.Count - 1)].Capital)
                return PromiseKind.Delivery;
        return act.Name == "ankommen" ? PromiseKind.Delivery : PromiseKind.Visit;
    }
}
