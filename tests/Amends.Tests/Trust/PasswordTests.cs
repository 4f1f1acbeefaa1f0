using System.Text;
using Amends.Trust;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class PasswordTests
{
    [Theory]
    [InlineData(59L, "94287082"), InlineData(1111111109L, "07081804"), InlineData(1111111111L, "14050471"), InlineData(1234567890L, "89005924"), InlineData(2000000000L, "69279037"), InlineData(20000000000L, "65353130")]
    public void Codes_are_those_of_the_vectors_of_RFC_6238(long seconds, string code)
    {
        var key = Encoding.ASCII.GetBytes("12345678901234567890");
        var at = DateTime.UnixEpoch.AddSeconds(seconds);
        Totp.Code(key, Totp.StepOf(at), 8).ShouldBe(code);
        Totp.Check(key, code[2..], at, 0).ShouldBe(Totp.StepOf(at));
        Totp.Check(key, code[2..], at.AddSeconds(30), 0).ShouldBe(Totp.StepOf(at));
        Totp.Check(key, code[2..], at.AddSeconds(-30), 0).ShouldBe(Totp.StepOf(at));
        Totp.Check(key, code[2..], at.AddSeconds(61), 0).ShouldBeNull();
        Totp.Check(key, code[2..], at, Totp.StepOf(at)).ShouldBeNull();
    }

    [Theory, InlineData("", ""), InlineData("f", "MY"), InlineData("fo", "MZXQ"), InlineData("foo", "MZXW6"), InlineData("foob", "MZXW6YQ"), InlineData("fooba", "MZXW6YTB"), InlineData("foobar", "MZXW6YTBOI")]
    public void Keys_are_written_as_RFC_4648_says(string plain, string written) => Totp.Base32(Encoding.ASCII.GetBytes(plain)).ShouldBe(written);

    [Theory]
    [InlineData("violet harbour tram nine"), InlineData("correct horse battery staple"), InlineData("ひみつのことばをいれてくださいね"), InlineData("aB3$aB3$aB3$xy!q")]
    public void Long_ones_may_be_anything(string password) => Passwords.Wrong(password, false, "Ada Lund", "ada@casaverde.example", "Casa Verde").ShouldBeNull();

    [Theory]
    [InlineData("short but sweet", true, null), InlineData("tram nine", true, null), InlineData("fourteen chars", false, "At least 15"), InlineData("seven c", true, "At least 8")]
    [InlineData("passwordpassword", false, "first that"), InlineData("Password12345678", false, "first that"), InlineData("aaaaaaaaaaaaaaaa", false, "easy"), InlineData("1234567890123456", false, "easy")]
    [InlineData("qwertyuiopqwerty", false, "first that"), InlineData("adalundcasaverde", false, "first that"), InlineData("Welcome!2024", true, null), InlineData("letmein1", true, "first that"), InlineData("CasaVerde1!", true, "first that")]
    public void Short_known_and_own_ones_may_not(string password, bool hasCode, string? says)
    {
        var wrong = Passwords.Wrong(password, hasCode, "Ada Lund", "ada@casaverde.example", "Casa Verde");
        if (says is null) { if (password != "Welcome!2024") wrong.ShouldBeNull(); else wrong.ShouldNotBeNull(); }
        else wrong.ShouldNotBeNull().ShouldContain(says);
    }

    [Fact]
    public void A40_a_password_of_a_megabyte_costs_nothing()
    {
        var hash = Passwords.Hash("violet harbour tram nine");
        var huge = new string('x', 10_000_000);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++) Passwords.Fits(hash, huge).ShouldBeFalse();
        Passwords.Wrong(huge, false).ShouldNotBeNull();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        Passwords.Fits(hash, "violet harbour tram nine").ShouldBeTrue();
        Passwords.Fits(null, "violet harbour tram nine").ShouldBeFalse();
    }
}
