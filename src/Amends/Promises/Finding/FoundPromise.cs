using NodaTime;

namespace Amends.Promises.Finding;

/// <summary>What was promised.</summary>
public enum PromiseKind
{
    /// <summary>Anything that is none of the others: a repair, a correction, a cancellation.</summary>
    Other,

    /// <summary>What comes by mail or page: a reply, an update, a document.</summary>
    Answer,

    /// <summary>A call to the customer.</summary>
    Call,

    /// <summary>Somebody comes to the customer.</summary>
    Visit,

    /// <summary>A thing leaves, arrives or is fetched.</summary>
    Delivery,

    /// <summary>Money goes back.</summary>
    Refund,
}

/// <summary>A promise found in a text that we write to a customer.</summary>
/// <param name="Kind">What was promised.</param>
/// <param name="Due">The last moment of the span that was said, in the zone of the hours that were given; null where no time was said.</param>
/// <param name="Start">Where the words that promise begin in the text, in chars.</param>
/// <param name="Length">How many chars they take.</param>
/// <param name="Language">Language in which it was read: en, de, es or fr.</param>
/// <param name="Reason">How it was recognised, in a few words for tests and for those who mend the rules; never shown to people.</param>
public readonly record struct FoundPromise(PromiseKind Kind, LocalDateTime? Due, int Start, int Length, string Language, string Reason);
