namespace Amends.Promises.Finding;

/// <summary>German: the present speaks of the future ("Ich rufe Sie morgen an"), verbs come apart, and in a clause of their own stand last.</summary>
sealed class German : Grammar
{
    const string TimeTable = """
        Day 0: heute | heute noch | noch heute | im laufe des tages | am selben tag | tagsüber | heutigen tag | heutigen tages
        Day 1: morgen | morgigen tag | morgigen tages
        Day 2: übermorgen
        Past: gestern | vorgestern | letzte woche | letzten montag | letzten dienstag | letzten mittwoch | letzten donnerstag | letzten freitag | vergangene woche | letzten monat | vergangenen freitag | vergangenen montag
        Weekday 1: montag | montags | mo
        Weekday 2: dienstag | dienstags
        Weekday 3: mittwoch | mittwochs
        Weekday 4: donnerstag | donnerstags
        Weekday 5: freitag | freitags
        Weekday 6: samstag | sonnabend | samstags
        Weekday 7: sonntag | sonntags
        Part Morning: vormittag | vormittags | früh | am morgen | in der früh | heute morgen | morgens | im laufe des vormittags | als erstes
        Part Noon: mittag | mittags | mittagszeit | mittagspause
        Part Afternoon: nachmittag | nachmittags | im laufe des nachmittags
        Part Evening: abend | abends | nacht
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
        Number 24: vierundzwanzig
        Number 30: dreißig
        Number 36: sechsunddreißig
        Number 45: fünfundvierzig
        Number 48: achtundvierzig
        Number 72: zweiundsiebzig
        Half 0: einer halben | eine halbe | halben
        Half 1: anderthalb | eineinhalb
        Half 2: zweieinhalb
        MinutesOf -30: halb
        MinutesOf 15: viertel nach
        MinutesOf -15: viertel vor | dreiviertel
        Unit Minute: minute | minuten | min
        Unit Hour: stunde | stunden | std
        Unit Day: tag | tage | tagen | kalendertage | kalendertagen
        Unit WorkingDay: werktag | werktage | werktagen | werktages | arbeitstag | arbeitstage | arbeitstagen | arbeitstages | geschäftstage | geschäftstagen | bankarbeitstage | bankarbeitstagen | banktagen
        Unit Week: woche | wochen
        Unit Month: monat | monats | monate | monaten
        Unit Quarter: quartal | quartals
        Unit Year: jahr | jahres | jahre | jahren
        End+Unit Month: monatsende
        End+Unit Year: jahresende
        End+Unit Quarter: quartalsende
        Middle+Unit Week: wochenmitte
        Start+Unit Week: wochenanfang | wochenbeginn
        MonthName 1: januar | jänner
        MonthName 2: februar
        MonthName 3: märz
        MonthName 4: april
        MonthName 5: mai
        MonthName 6: juni
        MonthName 7: juli
        MonthName 8: august
        MonthName 9: september
        MonthName 10: oktober
        MonthName 11: november
        MonthName 12: dezember
        Weekend: wochenende
        Next 1: nächste | nächsten | nächster | nächstes | nächstem | folgende | folgenden
        Next 2: übernächste | übernächsten | übernächster
        Coming: kommende | kommenden | kommender | kommendes
        This: diese | diesen | dieser | dieses | diesem | laufenden | laufender
        End: ende | spät
        Start: anfang | beginn
        Middle: mitte
        Before: vor | noch vor | bevor
        By: bis | bis zum | bis zu | bis spätestens | spätestens | spätestens bis | spätestens am | bis zur | nicht später als | bis einschließlich | allerspätestens | bis maximal | maximal
        To: und | oder | bis
        Within: innerhalb | binnen | in | innert | in spätestens | in maximal | in höchstens | in weniger als | innerhalb von | innerhalb der | im laufe | im verlauf | im lauf
        At: um | gegen | ca | etwa | circa | ungefähr | so gegen | kurz
        After: ab | nach
        From: zwischen | von
        Of: vom | von | seit | aus
        Filler: am | den | dem | der | des | die | das | zum | zur | im | von | ein | uhrzeit | noch | schon | bereits | gleich | direkt | genau | punkt | zeitraum | jeweils | dann
        Hour: uhr | h
        """;

    const string NounTable = """
        Call: anruf anrufs telefonat rückruf telefonisch anrufe telefon
        Answer: antwort rückmeldung nachricht bescheid mail e-mail email mails e-mails link bestätigung angebot kostenvoranschlag rechnung vertrag bericht unterlagen information informationen angaben auskunft stellungnahme brief schreiben laufenden update sms formular anleitung ergebnis dokument dokumente code lösung kopie gutschein zugangsdaten sendungsnummer liste termin entscheidung passwort zusammenfassung etikett retourenetikett rücksendeetikett versandetikett versandbestätigung auftragsbestätigung
        Refund: gutschrift erstattung geld betrag rückerstattung rückzahlung summe kaution überweisung kaufpreis erstattungsbetrag guthaben
        Visit: techniker monteur installateur besuch elektriker klempner handwerker servicetechniker fachmann gutachter mechaniker schlosser kundendienst außendienst vororttermin jemanden
        Delivery: paket päckchen sendung lieferung gerät ersatzgerät bestellung ersatz ersatzteil teil teile artikel ware ladegerät wasserkocher tisch kühlschrank geschenk fahrer kurier rücksendung abholung produkt versand zustellung austauschgerät maschine schrauben kabel akku router modem schlüssel karte lampe drucker stuhl stühle sofa filter batterie buch muster neugerät waschmaschine pakete spediteur waren nachlieferung ersatzlieferung ersatzteile möbel laptop handy fernbedienung netzteil adapter
        """;

    // "particle+infinitive:third:participle" where they are not regular; without a plus there is no particle.
    static readonly (VerbKind Kind, string Verbs)[] VerbTable =
    [
        (VerbKind.Call, "an+rufen:ruft:gerufen zurück+rufen:ruft:gerufen durch+klingeln:klingelt:geklingelt telefonieren"),
        (VerbKind.Answer, "antworten beantworten:beantwortet:beantwortet schreiben:schreibt:geschrieben melden informieren benachrichtigen:benachrichtigt:benachrichtigt mailen mit+teilen bestätigen:bestätigt:bestätigt zurück+melden unterrichten:unterrichtet:unterrichtet kontaktieren verständigen:verständigt:verständigt zurück+schreiben:schreibt:geschrieben rück+melden"),
        (VerbKind.Visit, "besuchen:besucht:besucht vorbei+schauen vorbei+kommen:kommt:gekommen auf+suchen"),
        (VerbKind.Delivery, "liefern ab+holen aus+liefern zu+stellen versenden:versendet:versandt verschicken:verschickt:verschickt ein+treffen:trifft:getroffen raus+gehen:geht:gegangen hinaus+gehen:geht:gegangen los+schicken an+liefern nach+liefern mit+nehmen:nimmt:genommen raus+schicken ab+senden:sendet:gesandt ab+schicken vorbei+bringen:bringt:gebracht zurück+schicken zurück+senden:sendet:gesendet"),
        (VerbKind.Refund, "erstatten:erstattet:erstattet zurück+erstatten gut+schreiben:schreibt:geschrieben zurück+zahlen überweisen:überweist:überwiesen rück+erstatten zurück+überweisen:überweist:überwiesen aus+zahlen rückvergüten vergüten:vergütet:vergütet zurück+buchen"),
        (VerbKind.Send, "schicken senden:sendet:gesendet zu+senden:sendet:gesendet zu+schicken übersenden:übersendet:übersandt verlassen:verlässt:verlassen zukommen vorbei+schicken bringen:bringt:gebracht gehen:geht:gegangen nach+reichen zu+kommen weiter+gehen raus+geben nach+senden"),
        (VerbKind.Get, "erhalten:erhält:erhalten bekommen:bekommt:bekommen kriegen empfangen:empfängt:empfangen erreichen:erreicht:erreicht"),
        (VerbKind.Light, "geben:gibt:gegeben halten:hält:gehalten machen haben:hat:gehabt hören liegen:liegt:gelegen stattfinden statt+finden:findet:gefunden vor+liegen:liegt:gelegen folgen erfolgen:erfolgt:erfolgt vor+legen"),
        (VerbKind.Arrange, "veranlassen:veranlasst:veranlasst bearbeiten:bearbeitet:bearbeitet buchen bestellen:bestellt:bestellt reservieren organisieren vereinbaren:vereinbart:vereinbart erledigen:erledigt:erledigt ein+leiten an+weisen:weist:gewiesen aus+stellen bereit+stellen ab+schließen:schließt:geschlossen beauftragen:beauftragt:beauftragt"),
        (VerbKind.Come, "kommen:kommt:gekommen an+kommen:kommt:gekommen eintreffen:trifft:getroffen"),
        (VerbKind.Check, "prüfen überprüfen:überprüft:überprüft klären an+sehen:sieht:gesehen an+schauen untersuchen:untersucht:untersucht nach+sehen:sieht:gesehen nach+schauen nach+fragen sprechen:spricht:gesprochen besprechen:bespricht:besprochen ab+klären recherchieren analysieren nach+forschen"),
        (VerbKind.Other, "reparieren beheben:behebt:behoben tauschen aus+tauschen um+tauschen stornieren kündigen ändern weiter+leiten weiter+geben:gibt:gegeben kümmern zurück+setzen frei+schalten sperren entsperren:entsperrt:entsperrt ein+richten korrigieren berichtigen:berichtigt:berichtigt aktualisieren hinterlegen:hinterlegt:hinterlegt ersetzen:ersetzt:ersetzt lösen löschen verlängern:verlängert:verlängert installieren aktivieren ein+stellen wiederherstellen wieder+her+stellen erneuern:erneuert:erneuert montieren an+passen aus+bessern nach+bessern reinigen streichen:streicht:gestrichen um+stellen deaktivieren verrechnen:verrechnet:verrechnet schließen:schließt:geschlossen erlassen:erlässt:erlassen beenden:beendet:beendet"),
        (VerbKind.Stop, "sein hoffen versuchen:versucht:versucht bemühen:bemüht:bemüht freuen helfen:hilft:geholfen bitten:bittet:gebeten danken brauchen benötigen:benötigt:benötigt warten bleiben:bleibt:geblieben wissen:weiß:gewusst können müssen dürfen wollen sollen mögen verstehen:versteht:verstanden bedauern:bedauert:bedauert dauern kosten entschuldigen:entschuldigt:entschuldigt unterstützen:unterstützt:unterstützt"),
    ];

    static readonly HashSet<string> Modals = Set("kann können könnte könnten würde würden möchte möchten sollte sollten soll sollen will wollen wollte wollten dürfte dürften dürfen darf muss müssen müsste müssten konnte konnten mag hätte hätten wäre wären hoffe hoffen hofft versuche versuchen versucht bemühe bemühen musste mussten bitten bitte wurde wurden hatte hatten war waren beabsichtigen planen plane erwarten erwarte rechnen");
    static readonly HashSet<string> Not = Set("nicht kein keine keinen keiner keinem keines nie niemals niemand nichts keinesfalls keineswegs weder");
    static readonly HashSet<string> Werden = Set("werde werden wird");
    static readonly HashSet<string> Perfect = Set("habe haben hat ist sind bin");
    static readonly HashSet<string> SelfWords = Set("ich wir sie er es du wird werden werde wurde wurden ist sind haben habe hat kann können würde würden möchte hatte war wenn falls sobald dass ob sofern damit weil");
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
        doubts: "hoffentlich vielleicht wahrscheinlich möglicherweise eventuell voraussichtlich vermutlich womöglich normalerweise üblicherweise gewöhnlich grundsätzlich idealerweise glaube glauben denke denken vermute vermuten hoffe hoffen regel unverbindlich notfalls bestenfalls wohl",
        tails: "an der arbeit|spätestens|genau|wie besprochen",
        reports: """
            sie schrieben|sie schreiben|sie sagten|sie sagen|sie meinten|sie haben geschrieben|sie haben gesagt|schrieben sie|sagten sie|hat uns gesagt|sagte uns|teilte uns mit|hat uns mitgeteilt|versichert uns|laut|zufolge|behauptet|sagt|sagte|meldet dass|angeblich|gesagt wurde|wurde ihnen|hat ihnen gesagt|versprochen wurde
            hatten ihnen geschrieben|hatten ihnen gesagt|hatten ihnen versprochen|haben ihnen geschrieben|hatte ihnen|ihnen gesagt|sie baten|sie fragten|sie denken|sie glauben|sie erwähnten|ihrer nachricht steht|nach angaben|nach auskunft|wie der hersteller|haben sie gelesen|sie hatten gehört|hieß es
            """,
        frequent: "der die das und wir ich sie ihnen ist nicht ein eine einen mit den dem bis auf fur bei uns ihr ihre ihren von im zu es werden wird haben sich auch am morgen")
    {
        foreach (var (kind, line) in VerbTable)
            foreach (var said in line.Split(' '))
            {
                var parts = said.Split(':');
                var plus = parts[0].LastIndexOf('+');
                var particle = plus < 0 ? null : parts[0][..plus].Replace("+", "", StringComparison.Ordinal);
                var infinitive = parts[0][(plus + 1)..];
                if (infinitive.Contains('-', StringComparison.Ordinal))
                    continue;
                var stem = infinitive.EndsWith("en", StringComparison.Ordinal) ? infinitive[..^2] : infinitive[..^1];
                var third = parts.Length > 1 ? parts[1] : stem + (stem[^1] is 't' or 'd' || stem.EndsWith("chn", StringComparison.Ordinal) ? "et" : "t");
                var ge = parts.Length > 2 ? parts[2] : infinitive.EndsWith("ieren", StringComparison.Ordinal) ? stem + "t" : "ge" + third;
                var name = (particle ?? "") + infinitive;
                void Put(string word, VerbForm form, string? apart = null) => Add(word, new(name, kind, form, apart));
                Put(infinitive, VerbForm.First | (particle is null ? VerbForm.Infinitive : 0), particle);
                Put(stem + "e", VerbForm.First, particle);
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

    public override string Code => "de";

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

    public override bool IsCondition(SentenceView s, int at) => s.Word(at) switch
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
            var hasModal = s.Any(from, to, Modals);
            if (!shaken && !doubted && !IsNegated(s, from, to) && !SubordinateAt(s, from) && (!hasModal || zu) && !s.Any(from, to, Strangers))
                Read(s, segment, acts, zu, previousOurs);
            doubted |= shaken && dass || s.Any(from, to, Doubts) || ModalHope(s, from, to);
            pledged = assures;
            if (acts.Count > count)
                previousOurs = Has(s, from, to, "wir") || Has(s, from, to, "ich") || acts[^1].Shares;
            else if (!segment.Joined && to - from > 1 && !SubordinateAt(s, from) && !dass)
                previousOurs = Has(s, from, to, "wir") || Has(s, from, to, "ich");
        }
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
                        Put(acts, s, i, entry, "wird + Partizip");
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
        if (ours && last != werden && s.Raw(last) is { Length: > 4 } word && word.EndsWith("en", StringComparison.Ordinal) && !Modals.Contains(s.Word(last)) && !Werden.Contains(s.Word(last)) && s.Word(last) is not ("ihnen" or "haben"))
            acts.Add(new() { Verb = last, Name = s.Word(last), Kind = VerbKind.Other, Reason = "werden, Verb nicht in den Tabellen" });
    }

    /// <summary>Somebody who is not "Sie": "Herr Schmidt wird Sie anrufen"; "Sie werden uns anrufen" is the customer's own.</summary>
    bool Third(SentenceView s, int from, int to) => !(s.Word(from) == "sie" && Has(s, from, to, "uns")) && !(s.Word(from) == "sie" && Has(s, from, to, "werden"));

    /// <summary>"Sie haben bis Freitag eine Antwort", "Ihr Geld ist bis Freitag auf dem Konto", "der Techniker ist am Mittwoch bei Ihnen".</summary>
    void Standing(SentenceView s, Segment segment, List<Act> acts, int at, bool ours)
    {
        var (from, to) = (segment.Start, segment.End);
        for (var i = from; i < to; i++)
            foreach (var entry in VerbsAt(s, i))
                if ((entry.Form & VerbForm.Participle) != 0 && entry.Kind is not (VerbKind.Stop or VerbKind.Get) && entry.Particle is null && i != at)
                    return;
        var noun = FirstNoun(s, from, to);
        var you = Has(s, from, to, "sie");
        if (s.Word(at) is "haben" or "habe" or "hat")
        {
            if (you && !ours && noun is not null && !Has(s, from, to, "uns"))
                acts.Add(new() { Verb = at, Name = "haben", Kind = VerbKind.Light, Reason = "Sie haben bis …", NeedsTime = true });
        }
        else if (ours && (Has(s, from, to, "bei") && Has(s, from, to, "ihnen") || Has(s, from, to, "vor") && Has(s, from, to, "ort")) && s.Word(at) is "sind" or "bin")
            acts.Add(new() { Verb = at, Name = "kommen", Kind = VerbKind.Visit, Reason = "sind bei Ihnen", NeedsTime = true });
        else if (noun is PromiseKind.Visit or PromiseKind.Delivery or PromiseKind.Refund or PromiseKind.Answer && (Has(s, from, to, "bei") || Has(s, from, to, "auf") || Has(s, from, to, "da") || Has(s, from, to, "vor") || Has(s, from, to, "konto") || Has(s, from, to, "zuruck") || Has(s, from, to, "geplant") || Has(s, from, to, "gebucht") || Has(s, from, to, "eingeplant")))
            acts.Add(new() { Verb = at, Name = "sein", Kind = VerbKind.Light, Reason = "ist bis …", NeedsTime = true });
    }

    void Present(SentenceView s, Segment segment, List<Act> acts, bool wir, bool ich, bool previousOurs)
    {
        var (from, to) = (segment.Start, segment.End);
        var sie = Has(s, from, to, "sie");
        // "Rufe Sie morgen an": without its subject; "… und melden uns": with the one before.
        var noSubject = !wir && !ich && (segment.Joined && previousOurs || s.SegmentIndex(from) == 0);
        for (var i = from; i < to; i++)
        {
            VerbEntry? best = null;
            foreach (var entry in VerbsAt(s, i))
            {
                if ((entry.Form & (VerbForm.First | VerbForm.Third)) == 0)
                    continue;
                if (entry.Particle is { } particle && !ParticleIn(s, i, to, particle))
                    continue;
                if (best is null || entry.Particle is not null && best.Value.Particle is null)
                    best = entry;
            }
            if (best is not { } verb)
                continue;
            if (verb.Kind == VerbKind.Stop)
                return;
            var raw = s.Raw(i);
            var ending = raw.EndsWith("en", StringComparison.Ordinal) || raw.EndsWith("ern", StringComparison.Ordinal) || raw.EndsWith("eln", StringComparison.Ordinal) ? 'n' : raw.EndsWith('e') && (verb.Form & VerbForm.First) != 0 ? 'e' : 't';
            var shares = false;
            if (verb.Kind == VerbKind.Get && sie && !wir && !ich && ending != 'e' || verb.Verb == "hören" && sie && Has(s, i, to, "uns"))
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
                    if (Has(s, from, i, "sie") && !HasNounBefore(s, from, to))
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
            Put(acts, s, i, verb, "Gegenwart", needsTime: performs || verb.Kind is VerbKind.Come or VerbKind.Light && verb.Verb is not ("geben" or "halten"), shares: shares);
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
        if (act.Kind == VerbKind.Answer && act.Name is "melden" or "kontaktieren")
            for (var i = act.Start; i < act.End; i++)
                if (s.Word(i) is "telefonisch" or "telefon")
                    return PromiseKind.Call;
        if (act.Kind is VerbKind.Send or VerbKind.Delivery)
            for (var i = act.Start; i < act.End; i++)
                if (s.Word(i) is "per" && s.Word(i + 1) is "mail" or "e-mail" or "email" or "sms")
                    return PromiseKind.Answer;
        if (act.Kind == VerbKind.Delivery && act.Name is "versenden" or "verschicken" or "losschicken" or "abschicken" or "absenden" or "zurückschicken" or "rausgehen" or "rausschicken" or "zustellen")
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
        return act.Name == "ankommen" ? PromiseKind.Delivery : PromiseKind.Visit;
    }
}
