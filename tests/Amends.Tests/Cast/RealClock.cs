namespace Amends.Tests.Cast;

/// <summary>The system's clock, for tests whose other side is the real program.</summary>
static class RealClock
{
#pragma warning disable RS0030 // What the real program holds against its clock must be of that clock.
    public static TimeProvider It => TimeProvider.System;
    public static DateTimeOffset Now => It.GetUtcNow();
#pragma warning restore RS0030
}
