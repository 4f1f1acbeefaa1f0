using Amends.People;
using Shouldly;
using Xunit;

namespace Amends.Tests.People;

public class CustomerAddressesTests
{
    [Theory]
    [InlineData("Maria.Lopez@Casa-Verde.Example", "maria.lopez@casa-verde.example")]
    [InlineData("  <maria+pump@BÜCHER.example> ", "maria+pump@xn--bcher-kva.example")]
    [InlineData("mailto:a@b.example.", "a@b.example")]
    [InlineData("\"maria\"@b.example", "maria@b.example")]
    [InlineData("\"maria lopez\"@b.example", "\"maria lopez\"@b.example")]
    [InlineData("MÜLLER@b.example", "müller@b.example")]
    [InlineData("mu\u0308ller@b.example", "müller@b.example")]
    [InlineData("x@[192.0.2.1]", "x@[192.0.2.1]")]
    [InlineData("info@例え.テスト", "info@xn--r8jz45g.xn--zckzah")]
    public void Mail_is_compared_by_lower_case_ascii_domain_and_local_part_without_case(string typed, string value) => CustomerAddresses.Mail(typed).ShouldBe(value);

    [Theory]
    [InlineData(null), InlineData(""), InlineData("maria"), InlineData("@b.example"), InlineData("a@"), InlineData("a b@c.example"), InlineData("a@b c.example")]
    [InlineData("a@b..example"), InlineData("a@.b"), InlineData("a\u0000@b.example"), InlineData("a@b\r\nBcc: x@y.example"), InlineData("a,b@c.example"), InlineData("a@\uD800.example")]
    public void What_is_no_mail_address_is_none(string? typed) => CustomerAddresses.Mail(typed).ShouldBeNull();

    [Theory]
    [InlineData("+49 (0)30 123 45-67", "", "+49301234567")]
    [InlineData("0049 30 1234567", "", "+49301234567")]
    [InlineData("030/1234567", "", "0301234567")]
    [InlineData("030/1234567", "49", "+49301234567")]
    [InlineData("06 1234 5678", "39", "+390612345678")]
    [InlineData("(415) 555-2671", "1", "+14155552671")]
    [InlineData("1 415 555 2671", "1", "+14155552671")]
    [InlineData("612 345 678", "34", "+34612345678")]
    [InlineData("8 (495) 123-45-67", "7", "+74951234567")]
    [InlineData("1234567", "49", "1234567")]
    [InlineData("tel:+49-30-1234567;ext=12", "", "+49301234567")]
    [InlineData("+49 30 1234567 ext. 12", "", "+49301234567")]
    [InlineData("٠٣٠ ١٢٣٤٥٦٧", "", "0301234567")]
    [InlineData("\u202A+49 30 1234567\u202C", "", "+49301234567")]
    [InlineData("112", "49", "112")]
    public void Numbers_are_compared_by_digits(string typed, string code, string value) => CustomerAddresses.Phone(typed, code).ShouldBe(value);

    [Theory, InlineData(""), InlineData("12"), InlineData("call me"), InlineData("12 34 ab"), InlineData("123456789012345678901"), InlineData("++1"), InlineData("1+234567")]
    public void What_is_no_number_is_none(string typed) => CustomerAddresses.Phone(typed).ShouldBeNull();

    [Fact]
    public void Two_ways_of_writing_a_number_share_their_tail()
    {
        CustomerAddresses.Tail(CustomerAddresses.Phone("030 1234567")).ShouldBe(CustomerAddresses.Tail(CustomerAddresses.Phone("+49 30 1234567")));
        CustomerAddresses.Tail("12345").ShouldBeNull();
    }

    [Theory]
    [InlineData("maria@b.example", AddressKind.Mail), InlineData("+49 30 1234567", AddressKind.Phone), InlineData("@maria", AddressKind.Handle), InlineData("Maria_L", AddressKind.Handle)]
    public void The_kind_is_seen_from_what_was_typed(string typed, AddressKind kind) => CustomerAddresses.Read(typed)!.Value.Kind.ShouldBe(kind);

    [Fact]
    public void Nothing_that_can_be_typed_throws()
    {
        foreach (var c in Enumerable.Range(0, 0x10000).Select(i => (char)i))
            foreach (var text in new[] { $"{c}", $"a{c}@b.example", $"a@b{c}.example", $"030{c}123456", new string(c, 400) })
                CustomerAddresses.Read(text, "49");
    }
}
