namespace Amends.Foundation.Data;

/// <summary>This method holds SQL of its own outside of the places decided for it: a read that must be quick, with parameters only, tried by a fuzz test.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HotQueryAttribute : Attribute;
