namespace Amends.Promises.Finding;

// What is said in the present, or without a verb: "the parcel leaves tomorrow", "plumber on Tuesday".
sealed partial class English
{
    /// <summary>"I am sending it tomorrow", "the visit is booked for Tuesday".</summary>
    void Being(SentenceView s, int at, List<Act> acts)
    {
        var next = SkipAdverbs(s, at + 1);
        if (next >= s.Count || Not.Contains(s.Word(next)))
            return;
        var subject = SubjectBefore(s, at);
        if (subject == Subject.Stranger)
            return;
        var end = s.SegmentAt(at).End;
        // "A letter is on its way to you".
        if (subject == Subject.Thing && s.Word(next) is "on" or "under" && s.Word(next + 1) is "its" or "their" or "the" && s.Word(next + 2) is "way" && (s.Word(next + 3) is "to" && s.Word(next + 4) is "you" or "your" || s.Word(next + 3) is "back" or "over" && s.Word(next + 4) is "to" && s.Word(next + 5) is "you" or "your"))
        {
            Put(acts, s, next, "send", VerbKind.Send, "is on its way to you");
            return;
        }
        if (s.Word(next) is "getting" or "hopping" or "jumping" && s.Word(next + 1) is "on" && s.Word(next + 2) is "a" or "the" && s.Word(next + 3) is "call" or "phone" or "line" || s.Word(next) is "giving" && s.Any(next, Math.Min(next + 5, s.Count), Rings))
        {
            Put(acts, s, next, "call", VerbKind.Call, "am getting on the phone");
            return;
        }
        // "£12 is heading back to your card".
        if (subject == Subject.Thing && s.Word(next) is "heading" or "coming" or "going" && Place(s, next, end) is PromiseKind.Refund)
        {
            Put(acts, s, next, "refund", VerbKind.Refund, "is heading back to …");
            return;
        }
        // "Someone from our team is to stop by on Monday".
        if (s.Word(next) is "to" && subject == Subject.Thing && IsOurs(s, at) && s.Word(next + 1) is not "be")
        {
            Future(s, at, next + 1, subject, acts);
            return;
        }
        if (s.Word(next) is "paying" && subject != Subject.You && FirstNoun(s, next, end) is not PromiseKind.Visit)
        {
            Put(acts, s, next, "pay", VerbKind.Refund, "am paying", needsTime: s.Word(next + 2) is not "back");
            return;
        }
        if (s.Word(next) is "out" && s.Word(next + 1) is "for" && s.Word(next + 2) is "delivery")
        {
            Put(acts, s, next, "leave", VerbKind.Delivery, "is out for delivery", needsTime: true);
            return;
        }
        // "I'm heading your way now", "Mick's coming out your way".
        if (subject != Subject.You && s.Word(next) is "heading" or "coming" or "calling" or "popping" or "dropping" or "swinging" or "nipping" && (s.Word(next + 1) is "round" or "over" or "by" or "in" && !(s.Word(next + 2) is "to" && s.Word(next + 3) is not ("you" or "your")) && IsOurs(s, at) | subject == Subject.Ours || s.Word(next + 1) is "your" && s.Word(next + 2) is "way" || s.Word(next + 1) is "out" && s.Word(next + 2) is "your" or "to"))
        {
            Put(acts, s, next, "come", VerbKind.Come, "am coming round");
            return;
        }
        var own = subject == Subject.Ours || s.Word(at) is "im" || subject == Subject.Thing && s.Word(s.SegmentAt(at).Start) is "our" && s.Word(s.SegmentAt(at).Start + 1) is not "records" and not "system";
        if (subject is not Subject.You && s.Word(next).EndsWith("ing", StringComparison.Ordinal) && IntoPlace(s, next, end) is { } into)
        {
            Put(acts, s, next, s.Word(next), into, "am putting into …", needsTime: !own);
            return;
        }
        if (s.Word(next) == "going" && subject == Subject.Thing && Place(s, next, end) is { } bound && s.Word(next + 1) is "in" or "out" or "on" or "back" or "to")
        {
            Put(acts, s, next, FirstNoun(s, s.SegmentAt(at).Start, at) is null ? "ship" : "leave", bound switch { PromiseKind.Answer => VerbKind.Answer, PromiseKind.Refund => VerbKind.Refund, _ => VerbKind.Delivery }, "is going in the mail", needsTime: bound == PromiseKind.Refund);
            return;
        }
        if (Find(s, next, VerbForm.Ing) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Check or VerbKind.Get) } ing && subject is not Subject.You)
        {
            Act(s, next, ing, acts, "am …ing", needsTime: !(own && ing.Kind is VerbKind.Other or VerbKind.Refund or VerbKind.Send && s.IsFree(next + 1) && Objects.Contains(s.Word(next + 1)) && !Vague.Contains(s.Word(next)) && !s.Any(s.SegmentAt(at).Start, end, Underway)));
            return;
        }
        // "We're making good the full amount", "I'm taking your plate off the list", "I'm having a word with the driver".
        if (own && (s.Word(next) is "making" && s.Word(next + 1) is "good" || s.Word(next) is "taking" && s.Any(next, end, OffIt) && !s.Any(next, end, DayOff) || s.Word(next) is "setting" or "putting" or "laying" && s.Any(next, end, Aside) || s.Word(next) is "having" && s.Word(next + 1) is "a" && s.Word(next + 2) is "word"))
        {
            Put(acts, s, next, s.Word(next), s.Word(next) is "making" && FirstNoun(s, next, end) is PromiseKind.Refund ? VerbKind.Refund : VerbKind.Other, "am making good");
            return;
        }
        if (own && s.Word(next) is "getting" && Objects.Contains(s.Word(next + 1)) && Find(s, next + 2, VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Get) } sorted)
        {
            Act(s, next + 2, sorted, acts, "am getting it …ed");
            return;
        }
        // An unknown verb or a plain one, of ours, that is about to be done: "I'm pencilling the hall in", "we're putting a stop on it".
        if (own && s.IsFree(next) && s.Word(next) is { Length: > 5 } doing && doing.EndsWith("ing", StringComparison.Ordinal) && !Vague.Contains(doing) && Find(s, next, VerbForm.Ing) is not { Kind: VerbKind.Stop or VerbKind.Get or VerbKind.Check } && Objects.Contains(s.Word(next + 1)) && !s.Any(s.SegmentAt(at).Start, end, Underway))
        {
            Put(acts, s, next, doing, s.Any(next, end, OffIt) && FirstNoun(s, next, end) is PromiseKind.Refund ? VerbKind.Refund : ToYou(s, next, end) ? VerbKind.Send : VerbKind.Other, "am …ing, verb not in the tables");
            return;
        }
        // "Is being collected", "gets refunded", "is to be delivered".
        if (s.Word(next) == "being" && Find(s, SkipAdverbs(s, next + 1), VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } being && subject != Subject.Ours)
        {
            Act(s, SkipAdverbs(s, next + 1), being, acts, "is being …ed", needsTime: !(being.Kind == VerbKind.Refund && Place(s, next, end) is PromiseKind.Refund || being.Kind is VerbKind.Send or VerbKind.Delivery && (ToYou(s, next, end) || s.Word(next + 2) is "out") && !s.Any(s.SegmentAt(at).Start, end, Underway)));
            return;
        }
        if (s.Word(next) == "being" && subject == Subject.Thing && IntoPlace(s, next + 1, end) is { } placed)
        {
            Put(acts, s, next + 1, s.Word(next + 1), placed, "is being put into …", needsTime: placed != VerbKind.Refund);
            return;
        }
        if (s.Word(next) is "due" or "set" or "scheduled" or "booked" && s.Word(next + 1) == "to" && subject != Subject.You)
        {
            var to = SkipAdverbs(s, next + 2);
            if (s.Word(to) is "be")
                to = SkipAdverbs(s, to + 1);
            if (Find(s, to, VerbForm.Infinitive | VerbForm.Participle) is { Kind: VerbKind.Visit or VerbKind.Delivery or VerbKind.Come or VerbKind.Call or VerbKind.Refund or VerbKind.Send } set)
            {
                Act(s, to, set, acts, "is set to", needsTime: true);
                return;
            }
        }
        // "You are being refunded", "you're booked in for Tuesday".
        if (subject == Subject.You && s.Word(next) is "booked" or "down" or "scheduled")
        {
            Put(acts, s, next, "booked", VerbKind.Light, "you are booked", needsTime: true);
            return;
        }
        if (subject != Subject.You && s.Word(next) is "with" or "at" or "round" or "over" or "back" or "out" or "there" or "on" && s.SegmentAt(at).End is var clauseEnd && (s.Word(next + 1) is "you" or "your" || s.Word(next) is "back" or "round" or "over" or "there" && IsOurs(s, at)))
        {
            // "Our man is with you tomorrow", "the money is back on your card on Friday".
            if ((FirstNoun(s, s.SegmentAt(at).Start, at) is not null || subject == Subject.Ours || IsOurs(s, at) && s.Word(next + 1) is "you" or "your")
                // Who is back on Monday is at work again, and not at the customer's.
                && !(s.Word(next) is "back" && FirstNoun(s, s.SegmentAt(at).Start, at) is PromiseKind.Visit && !ToYou(s, next, clauseEnd)))
            {
                Put(acts, s, at, "come", VerbKind.Come, "is with you", needsTime: true);
                return;
            }
        }
        // "We're having the boiler looked at", "you're getting the full amount back".
        if (subject == Subject.Ours && s.Word(next) is "having" or "getting")
        {
            for (var i = next + 2; i < Math.Min(end, next + 7); i++)
                if (Find(s, i, VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Get) } inner)
                {
                    Act(s, i, inner, acts, "am having … done", needsTime: true);
                    return;
                }
            return;
        }
        if (subject == Subject.You && s.Word(next) is "getting" or "receiving" && !FromStranger(s, next))
        {
            Put(acts, s, next, "get", VerbKind.Light, "you are getting", needsTime: true);
            return;
        }
        if (subject == Subject.Thing && s.Word(next) is "getting" && Find(s, next + 1, VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Get) } gets && IsOurs(s, at) | s.Word(s.SegmentAt(at).Start) is "the")
        {
            Act(s, next + 1, gets, acts, "is getting …ed", needsTime: true);
            return;
        }
        var lead = FirstNoun(s, s.SegmentAt(at).Start, at);
        // "By Thursday your account is unlocked": done by then, and not yet.
        if (subject == Subject.Thing && IsOurs(s, at) && Find(s, next, VerbForm.Participle) is { Kind: VerbKind.Other } done && HasBy(s, s.SegmentAt(at).Start, end))
        {
            Act(s, next, done, acts, "is …ed by", needsTime: true);
            return;
        }
        if (subject != Subject.Thing || lead is null)
            return;
        // "The parcel's off tonight", "the key is in the post tomorrow".
        if (s.Word(next) is "off" && lead is PromiseKind.Delivery || s.Word(next) is "in" or "on" && Place(s, next, end) is not null)
        {
            Put(acts, s, next, "leave", s.Word(next) is "off" ? VerbKind.Delivery : Place(s, next, end) switch { PromiseKind.Refund => VerbKind.Refund, PromiseKind.Answer => VerbKind.Answer, _ => VerbKind.Delivery }, "is in the post", needsTime: true);
            return;
        }
        if (Booked.Contains(s.Word(next)) && lead is PromiseKind.Visit or PromiseKind.Delivery or PromiseKind.Call or PromiseKind.Refund && !(lead is PromiseKind.Refund && s.Word(next) is "due"))
            Put(acts, s, next, "booked", VerbKind.Light, "is booked", needsTime: true);
        else if (Find(s, next, VerbForm.Participle) is { Kind: VerbKind.Send or VerbKind.Delivery or VerbKind.Refund or VerbKind.Call or VerbKind.Visit } participle && s.Word(next - 1) is not "been")
            Act(s, next, participle, acts, "is …ed", needsTime: true);
    }

    static bool HasBy(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (!s.IsFree(i) && s.Word(i) is "by" or "before" or "within")
                return true;
        return false;
    }

    /// <summary>"We promise to call you", "we guarantee delivery by Friday".</summary>
    void Pledge(SentenceView s, int at, List<Act> acts)
    {
        var i = at + 1;
        while (i < Math.Min(s.Count, at + 4) && s.Word(i) is "you" or "to" or "ourselves" or "myself" or ",") i++;
        if (s.Word(i - 1) is "to" && Find(s, i, VerbForm.Infinitive | VerbForm.Ing) is { Kind: not VerbKind.Stop } verb)
        {
            // "promise to have your answer ready", "to get back to you"
            if (verb.Verb is "get" or "have" or "let" or "keep" or "give" or "look")
                Future(s, at, i, Subject.Ours, acts);
            else
                Act(s, i, verb, acts, "promise to");
        }
        else if (s.Word(i) is not ("that" or "we" or "i") && !s.Any(i, Math.Min(s.SegmentAt(at).End, i + 8), Will) && FirstNoun(s, i, Math.Min(s.SegmentAt(at).End, i + 5)) is not null)
            Put(acts, s, at, "promise", VerbKind.Light, "promise a …", needsTime: true);
    }

    /// <summary>"The parcel leaves tomorrow", "Call you tomorrow at five".</summary>
    void Present(SentenceView s, int at, List<Act> acts)
    {
        var segment = s.SegmentAt(at);
        // "We ship it on Monday", "I ring you at five": the simple present with what it is done to, and a time.
        if (s.Word(at - 1) is "we" or "i" && Find(s, at, VerbForm.First) is { Kind: VerbKind.Call or VerbKind.Answer or VerbKind.Send or VerbKind.Delivery or VerbKind.Refund or VerbKind.Visit or VerbKind.Come } own && s.Raw(at) == own.Verb && s.Word(at + 1) is "you" or "your" or "it" or "them" or "the" or "this" or "to" or "round" or "back" or "out")
        {
            Act(s, at, own, acts, "we, present with a time", needsTime: true);
            return;
        }
        // "I've put you down for a callback at three", "I have an electrician lined up for you".
        if (s.Word(at) is "put" or "got" or "pencilled" or "slotted" && s.Word(at + 1) is "you" && s.Word(at - 1) is "have" or "'ve" or "ve" or "just" or "now" && FirstNoun(s, at + 1, segment.End) is PromiseKind.Visit or PromiseKind.Call or PromiseKind.Delivery
            || s.Word(at) is "lined" && s.Word(at + 1) is "up" && s.Any(segment.Start, at, Having) && FirstNoun(s, segment.Start, at) is PromiseKind.Visit or PromiseKind.Call or PromiseKind.Delivery)
        {
            Put(acts, s, at, "booked", VerbKind.Light, "have put you down for", needsTime: true);
            return;
        }
        // "We have a courier bringing it this afternoon".
        if (at > segment.Start && s.Word(at).EndsWith("ing", StringComparison.Ordinal) && Find(s, at, VerbForm.Ing) is { Kind: VerbKind.Visit or VerbKind.Come or VerbKind.Delivery or VerbKind.Call or VerbKind.Send } coming && s.Word(segment.Start) is "we" or "i" && s.Word(segment.Start + 1) is "have" or "'ve" or "ve" or "got" && s.Word(at - 1) is not ("for" or "of" or "by" or "about"))
        {
            Act(s, at, coming, acts, "have … …ing", needsTime: true);
            return;
        }
        // "I've asked accounts to pay it on Monday".
        if (s.Word(at) is "asked" or "told" or "instructed" && s.Word(at - 1) is "have" or "'ve" or "ve" or "just" or "now" && s.Word(at + 1) is not "you" && !s.Any(at, segment.End, Strangers))
        {
            for (var i = at + 2; i < Math.Min(segment.End, at + 6); i++)
                if (s.Word(i - 1) == "to" && (Find(s, i, VerbForm.Infinitive) is { Kind: not (VerbKind.Stop or VerbKind.Light or VerbKind.Check) } told || s.Word(i) is "pay"))
                {
                    if (s.Word(i) is "pay") Put(acts, s, i, "pay", VerbKind.Refund, "have asked … to", needsTime: true);
                    else Act(s, i, Find(s, i, VerbForm.Infinitive)!.Value, acts, "have asked … to", needsTime: true);
                    return;
                }
            return;
        }
        // "Off to you by first post tomorrow", "back in your hands by Saturday"; "expect to hear from Ms Li tomorrow".
        if (at == segment.Start && (s.SegmentIndex(at) == 0 || segment.Hard) && (s.Word(at) is "off" or "back" && (s.Word(at + 1) is "to" or "with" && s.Word(at + 2) is "you" or "your" || s.Word(at + 1) is "in" && s.Word(at + 2) is "your" && s.Word(at + 3) is "hands") || s.Word(at) is "expect" && s.Word(at + 1) is "to" && s.Word(at + 2) is "hear" or "receive" or "get"))
        {
            Put(acts, s, at, "come", s.Word(at) is not "expect" ? VerbKind.Delivery : s.Word(at + 2) is "hear" ? VerbKind.Answer : VerbKind.Light, "off to you", needsTime: true);
            return;
        }
        // "Watch your inbox tomorrow", "Consider it done".
        if (at == segment.Start && s.Word(at) is "watch" or "check" && s.Word(at + 1) is "your" && s.Word(at + 2) is "inbox" or "mailbox" or "mail" or "messages")
        {
            Put(acts, s, at, "answer", VerbKind.Answer, "watch your inbox", needsTime: true);
            return;
        }
        if (at == segment.Start && s.Word(at) is "consider" && s.Word(at + 1) is "it" or "that" && s.Word(at + 2) is "done" or "sorted" or "fixed")
        {
            Put(acts, s, at, "finish", VerbKind.Other, "consider it done");
            return;
        }
        // "The minutes get to you by Tuesday".
        if (s.Word(at) is "get" && s.Word(at + 1) is "to" && s.Word(at + 2) is "you" && SubjectBefore(s, at) == Subject.Thing && FirstNoun(s, segment.Start, at) is not null)
        {
            Put(acts, s, at, "send", VerbKind.Send, "get to you", needsTime: true);
            return;
        }
        if (at == segment.Start && (s.SegmentIndex(at) == 0 || segment.Hard) && Bare(s, segment) is { } bare0)
        {
            Put(acts, s, at, "nominal " + bare0, bare0 switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Visit => VerbKind.Visit, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, PromiseKind.Answer => VerbKind.Answer, _ => VerbKind.Other }, "no verb, with a time", needsTime: true);
            return;
        }
        // "Goes out to you on Thursday".
        if (at == segment.Start && (s.SegmentIndex(at) == 0 || segment.Hard) && s.Word(at) is "goes" or "going" or "leaves" or "leaving" or "ships" or "shipping" && s.Word(at + 1) is "out" or "off" or "to" or "by" or "on" or "today" or "tomorrow" or "tonight")
        {
            Put(acts, s, at, "leave", VerbKind.Delivery, "goes out", needsTime: true);
            return;
        }
        // "Report to follow on Tuesday", "More from me tomorrow".
        if (s.Word(at) is "follow" && s.Word(at - 1) is "to" && at - 2 >= segment.Start && at - 3 <= segment.Start && FirstNoun(s, segment.Start, at - 1) is PromiseKind.Answer or PromiseKind.Delivery or PromiseKind.Refund || at == segment.Start && s.Word(at) is "more" or "news" or "word" && s.Word(at + 1) is "from" && s.Word(at + 2) is "me" or "us")
        {
            Put(acts, s, at, "follow", s.Word(at) is "follow" ? VerbKind.Light : VerbKind.Answer, "to follow", needsTime: true);
            return;
        }
        // "We have booked the fitter for Tuesday", "I've arranged for Ann to call you tomorrow".
        if (s.Word(at) is "booked" or "arranged" or "scheduled" or "pencilled" or "rebooked" or "rescheduled" or "organised" or "organized" && s.Word(at - 1) is "have" or "'ve" or "ve" or "just" or "now" or "also")
        {
            for (var i = at + 1; i < Math.Min(segment.End, at + 12); i++)
                if (s.Word(i - 1) == "to" && Find(s, i, VerbForm.Infinitive) is { Kind: VerbKind.Visit or VerbKind.Delivery or VerbKind.Come or VerbKind.Call or VerbKind.Answer or VerbKind.Send or VerbKind.Refund } inner)
                {
                    Act(s, i, inner, acts, "have arranged for … to", needsTime: true);
                    return;
                }
            if (FirstNoun(s, at + 1, segment.End) is PromiseKind.Visit or PromiseKind.Delivery or PromiseKind.Call)
                Put(acts, s, at, "booked", VerbKind.Light, "have booked", needsTime: true);
            return;
        }
        // "Our fitters come on Monday", "your shoes leave tomorrow": a plural before the bare form.
        if (at > segment.Start && s.Tokens[at - 1].IsWord && s.Word(at - 1) is { Length: > 3 } plural && plural.EndsWith('s') && s.Word(at + 1) is not "of" && Find(s, at, VerbForm.First) is { Kind: VerbKind.Come or VerbKind.Visit or VerbKind.Delivery or VerbKind.Send or VerbKind.Call } many && IsOurs(s, at) && SubjectBefore(s, at) == Subject.Thing && !Relatives.Contains(plural))
        {
            Act(s, at, many with { Kind = many.Verb is "leave" or "go" ? VerbKind.Send : many.Kind }, acts, "present with a time", needsTime: true);
            return;
        }
        if (s.Word(at) is "gets" or "get" && at > segment.Start && SubjectBefore(s, at) == Subject.Thing && IntoPlace(s, at + 1, segment.End) is { } put)
        {
            Put(acts, s, at + 1, s.Word(at + 1), put, "gets put into …", needsTime: true);
            return;
        }
        // "The figures follow tomorrow by message", "$36 goes back on your card"
        if (s.Word(at) is "follow" or "follows" or "lands" or "land" or "goes" or "reaches" or "hits" && at > segment.Start && SubjectBefore(s, at) == Subject.Thing && !Relatives.Contains(s.Word(at - 1)) && s.Word(at + 1) is not "the" and not "up")
        {
            var where = Place(s, at, segment.End);
            // "The list goes to print".
            if (s.Word(at) is "goes" && s.Word(at + 1) is "to" && s.Word(at + 2) is not ("you" or "your" or "the") && Place(s, at, segment.End) is null)
                return;
            if (s.Any(at, segment.End, Lists))
            {
                Put(acts, s, at, "add", VerbKind.Other, "goes on the list", needsTime: true);
                return;
            }
            if (where is not null || IsOurs(s, at) || s.Word(at + 1) is "in" or "on" or "to" && s.Word(at + 2) is "your" or "you" || s.Word(at + 1) is "you")
            {
                Put(acts, s, at, "come", where is PromiseKind.Answer ? VerbKind.Answer : where is PromiseKind.Refund || s.Word(at + 1) is "your" && s.Word(at + 2) is "account" or "card" or "bank" ? VerbKind.Refund : FirstNoun(s, segment.Start, at) is null && s.Word(at) is "follow" or "follows" ? VerbKind.Answer : VerbKind.Come, "follows", needsTime: !(s.Word(at) is "follows" && s.Word(segment.Start) is "a" or "an" && FirstNoun(s, segment.Start, at) is PromiseKind.Answer));
                return;
            }
        }
        // "Our glazier measures the pane on Thursday": a verb that no table knows.
        if (at > segment.Start + 1 && s.Word(segment.Start) is "our" or "my" or "mr" or "mrs" or "ms" or "dr" or "one" or "a" or "an" && s.Any(segment.Start, at, Company) && s.Raw(at) is { Length: > 4 } does1 && does1.EndsWith('s') && does1 is not "picks" && !does1.EndsWith("ss", StringComparison.Ordinal) && !s.Tokens[at].Capital && VerbsAt(s, at).Length == 0 && Noun(s, at) is null && (Objects.Contains(s.Word(at + 1)) || s.Word(at + 1) is "by" or "round" or "over" or "up" or "out" or "in") && !IsPerson(does1) && SubjectBefore(s, at) == Subject.Thing && !s.Any(segment.Start, at, SelfWords))
        {
            Put(acts, s, at, does1, s.Word(at + 1) is "by" or "round" or "over" or "in" ? VerbKind.Visit : VerbKind.Other, "third person, verb not in the tables", needsTime: true);
            return;
        }
        // "Fixing it tomorrow", "popping a loaf in the van for you": said without subject.
        if (at == segment.Start && (s.SegmentIndex(at) == 0 || segment.Hard || !segment.Joined && s.Any(0, at, SelfWords)) && s.Word(at) is { Length: > 4 } bare && bare.EndsWith("ing", StringComparison.Ordinal) && !Vague.Contains(bare) && (Objects.Contains(s.Word(at + 1)) || s.Word(at + 1) is "back" or "out" or "off"))
        {
            if (IntoPlace(s, at, segment.End) is { } popped)
                Put(acts, s, at, bare, popped, "…ing, no subject", needsTime: !ToYou(s, at, segment.End));
            else if (Find(s, at, VerbForm.Ing) is { } known)
            {
                if (known.Kind is not (VerbKind.Stop or VerbKind.Light or VerbKind.Get or VerbKind.Check))
                    Act(s, at, known, acts, "…ing, no subject", needsTime: true);
            }
            else
                Put(acts, s, at, bare, VerbKind.Other, "…ing, no subject", needsTime: true);
            return;
        }
        if (Nominal(s, at, segment) is { } nominal)
        {
            Put(acts, s, at, "nominal " + nominal, nominal switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Visit => VerbKind.Visit, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, _ => VerbKind.Answer }, "a noun with a time", needsTime: !s.Any(at, segment.End, Recipient));
            return;
        }
        // "Gets refunded", "gets picked up"
        if (s.Word(at) is "gets" or "get" && at > segment.Start && Find(s, at + 1, VerbForm.Participle) is { Kind: VerbKind.Delivery or VerbKind.Refund or VerbKind.Send or VerbKind.Other or VerbKind.Call } got && SubjectBefore(s, at) == Subject.Thing && IsOurs(s, at))
        {
            Act(s, at + 1, got, acts, "gets …ed", needsTime: true);
            return;
        }
        if (Find(s, at, VerbForm.Third) is { Kind: VerbKind.Call or VerbKind.Answer or VerbKind.Visit or VerbKind.Delivery or VerbKind.Refund or VerbKind.Other or VerbKind.Arrange or VerbKind.Check } does && does.Verb is not ("hold" or "stand" or "last" or "run") && at > segment.Start && !Relatives.Contains(s.Word(at - 1)) && Noun(s, at) is null | s.Word(at + 1) is "you" or "your" or "it" or "them" or "the" && IsOurs(s, at) && SubjectBefore(s, at) == Subject.Thing && s.Word(at + 1) is not "us" and not "me")
        {
            Act(s, at, does, acts, "third person with a time", needsTime: true);
            return;
        }
        // "Picks it up", "drops it off", "takes a look", "pays you a visit"
        if (at > segment.Start && s.Word(at) is "picks" or "pick" or "drops" or "brings" or "takes" or "pays" or "gives" or "stops" or "swings" or "calls" or "pops" or "nips" or "heads" or "drives" or "returns" or "shows" or "sends" or "hands" or "starts" && !Relatives.Contains(s.Word(at - 1)) && SubjectBefore(s, at) == Subject.Thing && IsOurs(s, at))
        {
            var phrase = (s.Word(at), s.Word(at + 1), FirstNoun(s, at + 1, segment.End)) switch
            {
                ("picks" or "pick", _, _) or ("drops", not ("by" or "in" or "round"), _) or ("returns" or "hands", _, _) => VerbKind.Delivery,
                ("brings", _, _) => VerbKind.Delivery,
                ("sends", _, _) => VerbKind.Send,
                ("takes", _, _) => VerbKind.Other,
                ("starts", _, _) => VerbKind.Other,
                ("gives", _, { }) => VerbKind.Light,
                ("gives", _, _) => VerbKind.Stop,
                _ => VerbKind.Visit,
            };
            if (phrase != VerbKind.Stop)
                Put(acts, s, at, phrase == VerbKind.Delivery ? "collect" : "come", phrase, "third person with a time", needsTime: true);
            return;
        }
        if (Find(s, at, VerbForm.Third) is { } third && at > segment.Start)
        {
            // "The price goes up on Monday".
            var leaves = !(third.Verb is "go" && s.Word(at + 1) is "up" or "down" && Place(s, at, segment.End) is null) && third.Verb is "leave" or "go" or "come" or "ship" or "arrive" or "reach" or "get" or "post" or "dispatch" or "visit" or "pass";
            if (leaves && SubjectBefore(s, at) == Subject.Thing && s.Word(at - 1) is not ("who" or "that" or "which" or "and" or "our" or "your" or "the") && IsOurs(s, at))
                Act(s, at, third with { Kind = third.Verb is "come" or "get" ? VerbKind.Come : VerbKind.Send }, acts, "present with a time", needsTime: true);
            return;
        }
        if (at == segment.Start && s.SegmentIndex(at) == 0 || s.Word(at - 1) is "you" && at - 1 == segment.Start || s.Word(at - 1) is "me" && s.Word(at - 2) == "let")
        {
            if (s.Word(at - 1) == "you")
            {
                if (s.Word(at) is "get" or "receive" && FirstNoun(s, at + 1, segment.End) is not null)
                    Put(acts, s, at, "get", VerbKind.Light, "you get", needsTime: true);
                else if (s.Word(at) is "hear" && s.Word(at + 1) == "from")
                    Put(acts, s, at, "answer", VerbKind.Answer, "you hear from us", needsTime: true);
            }
            else if (Find(s, at, VerbForm.Infinitive | VerbForm.Ing) is { Kind: VerbKind.Call or VerbKind.Answer or VerbKind.Send or VerbKind.Refund or VerbKind.Delivery or VerbKind.Visit } verb && (s.Word(at + 1) is "you" || s.Word(at - 1) == "me"))
                Act(s, at, verb, acts, "no subject", needsTime: true);
            else if (s.Word(at) is "getting" or "get" && s.Word(at + 1) == "back" && s.Word(at + 2) == "to")
                Put(acts, s, at, "answer", VerbKind.Answer, "no subject", needsTime: true);
        }
    }

    static readonly HashSet<string> DayOff = Set("day days week time morning afternoon year friday monday");
    static readonly HashSet<string> Lists = Set("list books waitlist rota register");
    static readonly HashSet<string> BareRest = Set("back on in to from with by via at your you yours my me us our the card account inbox post mail email e-mail door portal promise promised latest new full spare written final fresh sent fixed done sorted : , . ! -");

    /// <summary>"Plumber Tuesday between ten and twelve", "Money back on your card by Friday", "Fixed by six": no verb, and few words beside the thing and its time.</summary>
    PromiseKind? Bare(SentenceView s, Segment segment)
    {
        PromiseKind? kind = null;
        var free = 0;
        if (s.Word(0) is "re" or "subject" or "fw" or "fwd")
            return null;
        for (var i = segment.Start; i < s.Count; i++)
        {
            if (!s.IsFree(i))
                continue;
            if (s.Tokens[i].IsMark || BareRest.Contains(s.Word(i)))
            {
                if (kind is null && i == segment.Start && s.Word(i) is "fixed" or "done" or "sorted" or "sent" && !s.IsFree(i + 1) && s.Word(i + 1) is "by" or "before" or "within")
                    kind = s.Word(i) is "sent" ? PromiseKind.Delivery : PromiseKind.Other;
                else if (kind is null && i > segment.Start + 2)
                    return null;
                continue;
            }
            if (kind is null && i <= segment.Start + 2 && Noun(s, i) is { } noun && noun != PromiseKind.Other)
                kind = noun;
            else if (kind is null && i == segment.Start && IsPerson(s.Word(i)))
                kind = PromiseKind.Visit;
            else if (++free > 0)
                return null;
        }
        // A thing and a day alone may be a heading: "Invoice of 12 May", "Call Monday".
        return kind is null || (kind == PromiseKind.Visit ? s.Any(segment.Start, s.Count, Occasions) : !HasBy(s, segment.Start, s.Count) && !ToYou(s, segment.Start, s.Count) && Place(s, segment.Start, s.Count) is null) ? null : kind;
    }

    static readonly HashSet<string> Occasions = Set("visit visits appointment appointments inspection survey meeting service maintenance check-up viewing session");

    static readonly HashSet<string> Having = Set("have 've ve got");
    static readonly HashSet<string> Company = Set("our my mr mrs ms dr ours");
    static readonly HashSet<string> Recipient = Set("you");
    static readonly HashSet<string> NoNominal = Set("went came got left arrived thanks thank sorry hours re opening times regarding about your dear apologies was were last subject fee charge");

    /// <summary>"Callback Wednesday 15:30 from me", "- Refund of the fee to your account": a clause without a verb that a noun of acting leads.</summary>
    PromiseKind? Nominal(SentenceView s, int at, Segment segment)
    {
        if (s.Word(at) is not ("callback" or "call-back" or "call" or "visit" or "inspection" or "delivery" or "dispatch" or "shipment" or "shipping" or "collection" or "pickup" or "pick-up" or "refund" or "reimbursement" or "repayment" or "credit" or "reply" or "response" or "answer" or "quote" or "quotation" or "estimate" or "invoice" or "report" or "contract" or "replacement" or "confirmation" or "update") || at > segment.Start + 3)
            return null;
        if (s.Any(segment.Start, segment.End, NoNominal) || s.Word(0) is "re" or "subject" or "fw" or "fwd")
            return null;
        for (var i = 0; i < segment.End; i++)
            if (i != at && s.IsFree(i) && (SelfWords.Contains(s.Word(i)) || IsConditionWord(s, i)))
                return null;
        for (var i = segment.Start; i < at; i++)
            if (s.IsFree(i) && s.Tokens[i].IsWord && VerbsAt(s, i).Length > 0 && !s.Word(i).EndsWith("ed", StringComparison.Ordinal))
                return null;
        // What is sent, not done, needs to whom it goes: "Invoice to you by Friday".
        var kind = Noun(s, at) ?? PromiseKind.Delivery;
        var to = false;
        for (var i = at + 1; i < segment.End; i++)
        {
            to |= s.Word(i) is "to" or "for" or "from" or "by" or "with" && s.Word(i + 1) is "you" or "me" or "us" or "our" || s.Word(i) is "to" or "on" && s.Word(i + 1) is "card" or "account";
            if (s.IsFree(i) && s.Word(i) is "from" or "by" && s.Any(i, i + 4, Strangers))
                return null;
        }
        if (s.Word(at) is "call" or "credit" or "answer" or "update" or "report" or "visit" && !to)
            return null;
        return kind is PromiseKind.Call or PromiseKind.Visit or PromiseKind.Delivery or PromiseKind.Refund || to ? kind == PromiseKind.Other ? null : kind : null;
    }
}
