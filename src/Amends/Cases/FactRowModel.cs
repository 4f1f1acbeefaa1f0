namespace Amends.Cases;

/// <summary>A fact's line with its way back.</summary>
public sealed record FactRowModel(FactLine Line, LocalTimes Times, long Number, bool MayUndo, bool WithDay);
