namespace Amends.Mail;

/// <summary>The words by which mail programs announce quotes and people end letters, in the languages of our customers. Data, not words of ours: never shown.</summary>
static class ReplyWords
{
    /// <summary>What stands in "On ... Bob wrote:", lower case. English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Finnish, Polish, Czech, Slovak,
    /// Russian, Ukrainian, Hungarian, Romanian, Greek, Turkish, Chinese, Japanese, Korean, Vietnamese, Indonesian.</summary>
    public static readonly string[] Wrote =
    [
        "wrote", "writes", "schrieb", "schreibt", "a écrit", "a ecrit", "écrit", "escribió", "escribio", "ha escrito", "ha scritto", "scrisse", "escreveu", "schreef", "heeft geschreven", "geschreven",
        "skrev", "har skrivit", "kirjoitti", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsala", "napsal(a)", "napísal", "написал", "написала", "писал", "пишет", "пише", "написав", "написала",
        "írta", "a scris", "έγραψε", "yazdı", "写道", "寫道", "书写", "wrote：", "書きました", "のメール", "님이 작성", "작성:", "đã viết", "menulis",
    ];

    /// <summary>How the line of "... wrote" begins.</summary>
    public static readonly string[] Leads =
    [
        "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "på ", "dne ", "dnia ", "w dniu ", "в ", "у ", "la ", "il giorno ", "a(z) ", "στις ", "vào ", "pada ", "pe ", "no dia ", "mi", "ti", "ons", "tir", "tor", "fre", "lør", "lör", "søn", "sön", "man", "mån", "---",
        "el día ", "em qua", "em seg", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "在", "於", "sent from", "le lun", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "ma ", "ke ", "to ", "pe ", "la ", "su ",
    ];

    /// <summary>"Original message", without its dashes, lower case.</summary>
    public static readonly string[] OriginalMessage =
    [
        "original message", "original-message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "message d'origine", "message d’origine", "message original", "message initial", "mensaje original", "mensaje de origen", "messaggio originale",
        "mensagem original", "oorspronkelijk bericht", "origineel bericht", "oprindelig besked", "oprindelig meddelelse", "originalmeddelande", "ursprungligt meddelande", "opprinnelig melding", "alkuperäinen viesti",
        "oryginalna wiadomość", "wiadomość oryginalna", "původní zpráva", "pôvodná správa", "исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", "orijinal mesaj", "özgün ileti", "eredeti üzenet", "mesaj original", "原始邮件", "原始郵件", "元のメッセージ", "원본 메시지", "reply message", "αρχικό μήνυμα",
    ];

    /// <summary>"Forwarded message": what comes below was sent to be read.</summary>
    public static readonly string[] Forwarded =
    [
        "forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten", "message transféré", "début du message", "mensaje reenviado", "messaggio inoltrato", "messaggio inoltrato", "mensagem encaminhada",
        "doorgestuurd bericht", "videresendt besked", "videresendt meddelelse", "vidarebefordrat", "videresendt melding", "välitetty viesti", "wiadomość przekazana", "přeposlaná zpráva", "пересылаемое сообщение", "пересланное сообщение", "iletilen mesaj", "továbbított üzenet", "转发的邮件", "轉寄的郵件", "転送されたメッセージ", "전달된 메시지",
    ];

    /// <summary>Labels of the header block that Outlook and others put above a quote. The first group begins a block.</summary>
    public static readonly string[] FromLabels =
        ["from", "von", "de", "da", "fra", "från", "van", "od", "от", "кого", "від", "de la", "kimden", "gönderen", "lähettäjä", "feladó", "από", "发件人", "寄件者", "差出人", "送信者", "보낸 사람", "từ", "dari", "message du", "expéditeur", "remitente", "mittente", "absender", "afzender", "odesílatel", "nadawca"];

    /// <summary>Further labels: sent, date, to, copy, subject.</summary>
    public static readonly string[] OtherLabels =
    [
        "sent", "date", "to", "cc", "bcc", "subject", "reply-to", "importance", "gesendet", "datum", "an", "betreff", "kopie", "envoyé", "date d'envoi", "à", "a", "objet", "copie à", "sujet", "enviado", "enviado el", "enviada em", "fecha", "para", "asunto", "assunto", "data", "inviato", "oggetto", "ogg",
        "verzonden", "aan", "onderwerp", "sendt", "dato", "til", "emne", "skickat", "till", "ämne", "lähetetty", "päivämäärä", "vastaanottaja", "aihe", "wysłano", "do", "temat", "odesláno", "komu", "předmět", "predmet", "отправлено", "дата", "кому", "тема", "gönderildi", "tarih", "kime", "konu", "elküldve", "dátum", "címzett", "tárgy",
        "trimis", "către", "subiect", "发送时间", "收件人", "主题", "抄送", "寄件日期", "收件者", "主旨", "送信日時", "日時", "宛先", "件名", "보낸 날짜", "받는 사람", "제목", "ημερομηνία", "προς", "θέμα",
    ];

    /// <summary>"Sent from my iPhone" and its like, as the line begins, lower case.</summary>
    public static readonly string[] Mobile =
    [
        "sent from my", "sent from", "sent via", "sent using", "sent with", "get outlook for", "get the outlook", "von meinem", "von meiner", "gesendet von", "gesendet mit", "gesendet aus", "diese nachricht wurde von meinem", "envoyé de mon", "envoyé depuis", "envoyé à partir", "télécharger outlook", "obtenez outlook",
        "enviado desde mi", "enviado desde", "enviado do meu", "enviado via", "enviado a partir", "obtener outlook", "obter o outlook", "inviato da", "inviato dal", "ottieni outlook", "scarica outlook", "verzonden vanaf", "verstuurd vanaf", "verzonden met", "outlook voor", "sendt fra min", "sendt fra", "skickat från min", "skickat från", "hämta outlook", "hent outlook",
        "lähetetty", "wysłane z", "wysłano z", "pobierz", "odesláno z", "odoslané z", "отправлено с", "отправлено из", "надіслано з", "iphone'umdan gönderildi", "iphone'dan gönderildi", "az iphone-omról", "trimis de pe", "iphoneから送信", "android から送信", "从我的 iphone", "发自我的", "從我的 iphone", "나의 iphone에서 보냄", "στάλθηκε από",
    ];

    /// <summary>Closings of letters, lower case, without punctuation. A line must be nothing else.</summary>
    public static readonly string[] Closings =
    [
        "regards", "best regards", "kind regards", "warm regards", "many thanks and best regards", "with best regards", "with kind regards", "best", "best wishes", "all the best", "cheers", "thanks", "thank you", "many thanks", "thanks a lot", "thanks and regards", "thanks & regards", "sincerely", "sincerely yours", "yours sincerely", "yours truly", "yours faithfully", "yours", "br", "rgds",
        "mfg", "lg", "vg", "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit freundlichem gruss", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "beste grüße", "beste grüsse", "liebe grüße", "herzliche grüße", "gruß", "grüße", "danke", "vielen dank",
        "cordialement", "bien cordialement", "très cordialement", "bien à vous", "salutations", "sincères salutations", "bonne journée", "merci", "merci d'avance", "saludos", "un saludo", "saludos cordiales", "atentamente", "un cordial saludo", "gracias", "muchas gracias",
        "cordiali saluti", "distinti saluti", "saluti", "un saluto", "grazie", "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "obrigado", "obrigada", "abraço", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groeten", "groetjes", "mvg", "bedankt",
        "vänliga hälsningar", "med vänlig hälsning", "med vänliga hälsningar", "mvh", "hälsningar", "tack", "med venlig hilsen", "venlig hilsen", "vh", "mange tak", "med vennlig hilsen", "vennlig hilsen", "hilsen", "takk", "ystävällisin terveisin", "terveisin", "kiitos",
        "pozdrawiam", "z poważaniem", "pozdrowienia", "dziękuję", "s pozdravem", "děkuji", "s úctou", "с уважением", "спасибо", "з повагою", "saygılarımla", "iyi çalışmalar", "teşekkürler", "üdvözlettel", "tisztelettel", "köszönöm", "cu stimă", "cu respect", "mulțumesc", "με εκτίμηση", "此致", "谢谢", "敬礼", "よろしくお願いします", "よろしくお願いいたします", "敬具", "감사합니다",
    ];
}
