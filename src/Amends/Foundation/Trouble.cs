namespace Amends.Foundation;

/// <summary>Something of the machine stands in the way. The text is one sentence for the operator and names the way to mend it.</summary>
public sealed class Trouble(string sentence, Exception? cause = null) : Exception(sentence, cause);
