namespace Amends.Trust;

/// <summary>One account of the demo, as its sign-in page shows it.</summary>
public sealed record DemoName(string Role, string Name, string Address, string Password);

/// <summary>The accounts that the demo's sign-in page offers; filled by what seeds the demo, shown only where the house is a demo.</summary>
public sealed class DemoNames
{
    /// <summary>In the order in which they are shown.</summary>
    public List<DemoName> All { get; } = [];
}
