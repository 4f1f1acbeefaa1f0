using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Reading: one trap each.</summary>
public class MailReadingTests
{
    static MailMessage Read(string text, MailLimits? limits = null) => MailMessage.Read(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")), limits);

    static string[] Kinds(MailMessage m) => [.. m.Defects.Select(d => d.Kind.ToString())];

    [Theory]
    [InlineData("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße")]
    [InlineData("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße")]
    [InlineData("=?utf-8?B?R3I=?= =?utf-8?B?w7zDn2U=?=", "Grüße")]
    [InlineData("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße")]
    [InlineData("=?UTF-8?B?w?= =?UTF-8?B?7xi?=", "üb")]
    [InlineData("a =?iso-8859-1?Q?=E4?= b", "a ä b")]
    [InlineData("a=?iso-8859-1?Q?=E4?=b", "aäb")]
    [InlineData("=?iso-8859-1*de?Q?=E4?=", "ä")]
    [InlineData("=?x-nobody-knows?Q?=C3=A4?=", "ä")]
    [InlineData("=?utf-8?Q?two words?=", "two words")]
    [InlineData("=?utf-8?Q?=41=?=", "A=")]
    [InlineData("=?utf-8?Q?not closed", "=?utf-8?Q?not closed")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?utf-8?Q?a=0D=0ABcc:_x@y?=", "a  Bcc: x@y")]
    [InlineData("=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "テスト")]
    [InlineData("=?utf-7?Q?+AOQ-?=", "ä")]
    [InlineData("=?gb2312?B?xOO6ww==?=", "你好")]
    public void Encoded_words_of_every_kind_are_read(string word, string text) => EncodedWords.Decode(word).ShouldBe(text);

    [Theory]
    [InlineData("attachment; filename=a.txt", "a.txt")]
    [InlineData("attachment; filename=This is a test.txt", "This is a test.txt")]
    [InlineData("attachment; filename=\"a;b \\\"c\\\".txt\"", "a;b \"c\".txt")]
    [InlineData("attachment; filename*=utf-8''%E2%82%AC.txt", "€.txt")]
    [InlineData("attachment; filename*0*=iso-8859-1'de'%FCber; filename*1=\" den.txt\"", "über den.txt")]
    [InlineData("attachment; filename*1=\"b.txt\"; filename*0=\"a\"", "ab.txt")]
    [InlineData("attachment; filename=\"=?utf-8?Q?=C3=A4.txt?=\"", "ä.txt")]
    [InlineData("attachment; filename=fallback.txt; filename*=utf-8''%C3%A4.txt", "ä.txt")]
    [InlineData("attachment; filename=\"never closed.txt", "never closed.txt")]
    [InlineData("attachment; filename=\"report (1).pdf\"; size=3", "report (1).pdf")]
    public void File_names_of_every_kind_are_read(string disposition, string name) => ParameterList.Parse(disposition)["filename"].ShouldBe(name);

    [Theory]
    [InlineData("..\\..\\windows\\a.txt", "a.txt")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("..", null)]
    public void A_file_name_never_holds_a_folder(string sent, string? name) =>
        Read($"From: a@b.c\nContent-Type: text/csv\nContent-Disposition: attachment; filename={sent}\n\nx").Files[0].FileName.ShouldBe(name);

    [Theory]
    [InlineData("joe@example.com", "joe@example.com", "")]
    [InlineData("Joe Doe <Joe@Example.COM>", "Joe@example.com", "Joe Doe")]
    [InlineData("\"Doe, Joe\" <joe@example.com>", "joe@example.com", "Doe, Joe")]
    [InlineData("Doe, Joe <joe@example.com>", "joe@example.com", "Doe, Joe")]
    [InlineData("joe@example.com (Joe Doe)", "joe@example.com", "Joe Doe")]
    [InlineData("=?utf-8?Q?J=C3=B6, Doe?= <joe@example.com>", "joe@example.com", "Jö, Doe")]
    [InlineData("=?utf-8?Q?J=C3=B6,_Doe?= <joe@example.com>", "joe@example.com", "Jö, Doe")]
    [InlineData("\"joe doe\"@example.com", "\"joe doe\"@example.com", "")]
    [InlineData("<@relay.example,@other.example:joe@example.com>", "joe@example.com", "")]
    [InlineData("joe . doe @ example . com", "joe.doe@example.com", "")]
    [InlineData("Joe Doe joe@example.com", "joe@example.com", "Joe Doe")]
    [InlineData("team: joe@example.com;", "joe@example.com", "")]
    [InlineData("<joe@example.com", "joe@example.com", "")]
    [InlineData("\"Joe <joe@example.com>", "joe@example.com", "\"Joe")]
    [InlineData("mailto:joe@example.com", "joe@example.com", "")]
    [InlineData("joe@[192.0.2.1]", "joe@[192.0.2.1]", "")]
    public void One_address_is_read_from_whatever_was_written(string text, string address, string name)
    {
        var box = AddressList.Parse(text).Mailboxes.ShouldHaveSingleItem();
        box.Address.ShouldBe(address);
        box.DisplayName.ShouldBe(name);
    }

    [Fact]
    public void Addresses_compare_without_case_in_ascii_and_keep_their_plus_part()
    {
        new Mailbox("Joe+X@Bücher.example").ShouldBe(new Mailbox("joe+x@xn--bcher-kva.example", "Another name"));
        new Mailbox("joe+x@bücher.example").Key.ShouldBe("joe+x@xn--bcher-kva.example");
        new Mailbox("\"joe\"@example.com").ShouldBe(new Mailbox("joe@example.com"));
        new Mailbox("joe@example.com").ShouldNotBe(new Mailbox("joe+x@example.com"));
    }

    [Theory]
    [InlineData("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00")]
    [InlineData("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06+00:00")]
    [InlineData("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600 (zone (nested))", "1997-11-21T09:55:06-06:00")]
    [InlineData("Mon May  2 16:07:05 2005", "2005-05-02T16:07:05+00:00")]
    [InlineData("Tue, 21 Apr 2020 15:40:22 +0200 (CEST)", "2020-04-21T15:40:22+02:00")]
    [InlineData("2011-03-01T12:00:00Z", "2011-03-01T12:00:00+00:00")]
    [InlineData("2011-03-01 12:00:00 +05:30", "2011-03-01T12:00:00+05:30")]
    [InlineData("13.09.2017 13:05", "2017-09-13T13:05:00+00:00")]
    [InlineData("Wed, 01-Mar-2011 2:05:00 PM PST", "2011-03-01T14:05:00-08:00")]
    [InlineData("1 Jan 100 00:00:00 +0000", "2000-01-01T00:00:00+00:00")]
    [InlineData("Thu, 1 Jan 2015 24:00:00 +0000", "2015-01-02T00:00:00+00:00")]
    [InlineData("Tue, 3 Mär 2015 10:11:12 +0100", "2015-03-03T10:11:12+01:00")]
    [InlineData("Tue, 31 Feb 2015 10:11:12 +0100", null)]
    [InlineData("yesterday", null)]
    [InlineData("Tue, 3 Mar 2015 10:11:12 +9999", "2015-03-03T10:11:12+00:00")]
    public void Dates_are_read_in_the_ways_people_break_them(string text, string? iso)
    {
        MailDates.Parse(text).ShouldBe(iso is null ? null : DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Line_ends_of_decoded_headers_never_come_through()
    {
        var m = Read("From: =?utf-8?Q?a=0D=0Ab?= <a@b.c>\nSubject: =?utf-8?B?YQ0KQmNjOiB4?=\n\nx");
        m.Subject.ShouldBe("a  Bcc: x");
        m.From[0].DisplayName.ShouldNotContain("\n");
    }

    [Fact]
    public void A_missing_blank_line_loses_no_text()
    {
        var m = Read("From: a@b.c\nSubject: s\nHello you\n\nmore");
        m.Subject.ShouldBe("s");
        m.TextBody.ShouldBe("Hello you\n\nmore");
        Kinds(m).ShouldContain("NoBlankLine");
    }

    [Fact]
    public void A_fold_without_its_indent_is_joined_when_headers_go_on()
    {
        var m = Read("From: a@b.c\nSubject: one\ntwo\nTo: c@d.e\n\nx");
        m.Subject.ShouldBe("one two");
        m.To[0].Address.ShouldBe("c@d.e");
        Kinds(m).ShouldContain("BadHeaderLine");
    }

    [Fact]
    public void Duplicate_headers_are_noted_and_several_from_are_all_seen()
    {
        var m = Read("From: a@b.c\nFrom: x@y.z\nSubject: 1\nSubject: 2\n\nx");
        m.From.Select(f => f.Address).ShouldBe(["a@b.c", "x@y.z"]);
        m.Subject.ShouldBe("1");
        Kinds(m).ShouldContain("SeveralFrom");
        Kinds(m).Count(k => k == "DuplicateHeader").ShouldBe(2);
    }

    const string Alternative = "From: a@b.c\nContent-Type: multipart/alternative; boundary={0}\n\n--{1}\nContent-Type: text/plain\n\nplain\n--{1}\nContent-Type: text/html\n\n<b>rich</b>\n--{1}--\n";

    [Fact]
    public void Alternatives_give_text_and_html() => Check(Read(Alternative.Replace("{0}", "x").Replace("{1}", "x")));

    [Fact]
    public void A_wrong_boundary_is_found_by_looking()
    {
        var m = Read(Alternative.Replace("{0}", "x").Replace("{1}", "y"));
        Check(m);
        Kinds(m).ShouldContain("WrongBoundary");
    }

    [Fact]
    public void A_missing_boundary_is_found_by_looking()
    {
        var m = Read(Alternative.Replace("; boundary={0}", "").Replace("{1}", "y"));
        Check(m);
        Kinds(m).ShouldContain("NoBoundary");
    }

    static void Check(MailMessage m)
    {
        m.TextBody.ShouldBe("plain");
        m.HtmlBody.ShouldBe("<b>rich</b>");
        m.Files.ShouldBeEmpty();
    }

    [Fact]
    public void A_boundary_that_never_comes_leaves_the_body_as_text()
    {
        var m = Read("From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\nall of it");
        m.TextBody.ShouldBe("all of it");
        Kinds(m).ShouldContain("BoundaryNotFound");
    }

    [Fact]
    public void Nested_multiparts_with_prefixes_of_each_other_do_not_mix()
    {
        var m = Read("From: a@b.c\nContent-Type: multipart/mixed; boundary=B\n\npre\n--B\nContent-Type: multipart/mixed; boundary=BB\n\n--BB\n\none\n--BB\n\ntwo\n--B\n\nthree\n--B--\npost");
        m.Root.Children.Count.ShouldBe(2);
        m.Root.Children[0].Children.Count.ShouldBe(2);
        m.TextBody.ShouldBe("one\ntwo\nthree");
        Encoding.ASCII.GetString(m.Root.Preamble.Span).ShouldBe("pre");
        Encoding.ASCII.GetString(m.Root.Epilogue.Span).ShouldBe("post");
        Kinds(m).ShouldContain("BoundaryNotClosed");
    }

    [Fact]
    public void Parts_behind_the_closing_boundary_are_kept()
    {
        var m = Read("From: a@b.c\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\none\n--B--\n\n--B\nContent-Disposition: attachment; filename=f.txt\n\nfile\n--B--\n");
        m.Attachments.Single().FileName.ShouldBe("f.txt");
        Kinds(m).ShouldContain("PartAfterClose");
    }

    [Theory]
    [InlineData("aGVsbG8=", "hello")]
    [InlineData("aGVs\r\n bG8", "hello")]
    [InlineData("aGVs!!bG8=\r\n-- \r\nlist footer here", "hello")]
    [InlineData("aGVs=bG8=", "hello")]
    [InlineData("aGVsbG8gd29ybGQsIGhlbGxvIHdvcmxkLCBoZWxsbyB3b3JsZA==\r\n", "hello world, hello world, hello world")]
    public void Base64_is_read_however_broken(string raw, string text) =>
        Encoding.ASCII.GetString(TransferDecoding.Base64Bytes(Encoding.ASCII.GetBytes(raw)).Span).ShouldStartWith(text);

    [Theory]
    [InlineData("a=3Db=c3=A4", "a=b\u00C3\u00A4")]
    [InlineData("soft=\r\nbreak=  \r\nagain=", "softbreakagain")]
    [InlineData("bare = and =XY  \r\nend", "bare = and =XY\r\nend")]
    public void Quoted_printable_is_read_however_broken(string raw, string text) =>
        Encoding.Latin1.GetString(TransferDecoding.QuotedPrintable(Encoding.ASCII.GetBytes(raw)).Span).ShouldBe(text);

    [Fact]
    public void Uuencode_is_read() =>
        Encoding.ASCII.GetString(TransferDecoding.Uuencode("begin 644 a.txt\n%:&5L;&\\\n`\nend\n"u8).Span).ShouldBe("hello");

    [Theory]
    [InlineData("utf-8", "\u00E4", "ä")]
    [InlineData("us-ascii", "\u00C3\u00A4", "ä")]
    [InlineData("iso-8859-1", "\u00C3\u00A4", "ä")]
    [InlineData("iso-8859-1", "\u00E4\u0080", "ä€")]
    [InlineData("x-unknown", "\u00E4", "ä")]
    [InlineData("ks_c_5601-1987", "\u00B0\u00A1", "가")]
    [InlineData("windows-1251", "\u00CF\u00F0\u00E8\u00E2\u00E5\u00F2", "Привет")]
    [InlineData("koi8-r", "\u00F0\u00D2\u00C9\u00D7\u00C5\u00D4", "Привет")]
    [InlineData("shift_jis", "\u0083\u0065\u0083\u0058\u0083\u0067", "テスト")]
    [InlineData("utf-7", "+AOQ-", "ä")]
    [InlineData("utf-8", "\u001B$B%F%9%H\u001B(B", "テスト")]
    public void Charsets_are_read_and_lies_are_seen_through(string charset, string latin1, string text) =>
        Charsets.Decode(Encoding.Latin1.GetBytes(latin1), charset).ShouldBe(text);

    [Fact]
    public void Flowed_text_is_joined_and_keeps_its_quotes()
    {
        var m = Read("From: a@b.c\nContent-Type: text/plain; format=flowed\n\nOne \nline.\n> quoted \n> too\n\n-- \nme\n");
        m.TextBody.ShouldBe("One line.\n> quoted too\n\n-- \nme\n");
        Read("From: a@b.c\nContent-Type: text/plain; format=flowed; delsp=yes\n\nlong \nword\n").TextBody.ShouldBe("longword\n");
    }

    [Fact]
    public void Limits_cut_and_are_noted()
    {
        var many = new StringBuilder("From: a@b.c\nContent-Type: multipart/mixed; boundary=B\n\n");
        for (var i = 0; i < 1_200; i++)
            many.Append("--B\n\nx\n");
        var m = Read(many + "--B--\n");
        m.Root.All().Count().ShouldBe(1_000);
        Kinds(m).ShouldContain("TooManyParts");

        var deep = new StringBuilder("From: a@b.c\n");
        for (var i = 0; i < 80; i++)
            deep.Append("Content-Type: multipart/mixed; boundary=B0x\n\n--B0x\n".Replace("B0", "B" + (char)('A' + i % 26) + (char)('A' + i / 26)));
        m = Read(deep + "\nbottom");
        Kinds(m).ShouldContain("TooDeep");
        m.Root.All().Count().ShouldBe(51);

        m = Read(string.Concat(Enumerable.Range(0, 1_500).Select(i => $"X-{i}: y\n")) + "\nbody");
        m.Headers.Count.ShouldBe(1_000);
        Kinds(m).ShouldContain("TooManyHeaders");
        m.TextBody.ShouldBe("body");

        m = Read($"From: a@b.c\nX: {new string('x', 1_100_000)}\nSubject: s\n\nbody");
        Kinds(m).ShouldContain("HeadersTooLarge");
        m.TextBody.ShouldBe("body");

        m = Read($"From: a@b.c\nTo: {string.Join(", ", Enumerable.Range(0, 1_500).Select(i => $"u{i}@b.c"))}\n\nbody");
        m.To.Count.ShouldBe(1_000);
        Kinds(m).ShouldContain("TooManyRecipients");

        m = Read("From: a@b.c\n\n0123456789", new MailLimits { MessageBytes = 18 });
        Kinds(m).ShouldContain("MessageTooLarge");
        m.TextBody.ShouldBe("012");
    }

    [Fact]
    public void An_attached_message_is_a_message_and_its_files_are_its_own()
    {
        var m = Read("From: a@b.c\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nsee\n--B\nContent-Type: message/rfc822\n\nFrom: x@y.z\nSubject: inner\nContent-Type: multipart/mixed; boundary=C\n\n--C\nContent-Disposition: attachment; filename=f.txt\n\nf\n--C--\n--B--\n");
        var file = m.Files.ShouldHaveSingleItem();
        file.Message!.Subject.ShouldBe("inner");
        file.Message.Files.ShouldHaveSingleItem().FileName.ShouldBe("f.txt");
    }

    [Fact]
    public void What_is_shown_within_and_what_is_attached_are_told_apart()
    {
        var m = Read("""
            From: a@b.c
            Content-Type: multipart/mixed; boundary=M

            --M
            Content-Type: multipart/related; boundary=R

            --R
            Content-Type: text/html

            <img src="cid:one@x"> <img src=cid:two@x>
            --R
            Content-Type: image/png
            Content-ID: <one@x>

            1
            --R--
            --M
            Content-Type: image/png; name=two.png
            Content-ID: <two@x>

            2
            --M
            Content-Type: image/png; name=three.png
            Content-ID: <three@x>

            3
            --M
            Content-Type: application/pdf; name=four.pdf
            Content-Disposition: inline

            4
            --M--
            """);
        m.InlineFiles.Select(f => f.ContentId).ShouldBe(["one@x", "two@x"]);
        m.Attachments.Select(f => f.FileName).ShouldBe(["three.png", "four.pdf"]);
    }

    [Fact]
    public void A_delivery_report_says_who_failed_and_which_message()
    {
        var m = Read("""
            From: MAILER-DAEMON@mx.example
            Content-Type: multipart/report; report-type=delivery-status; boundary=R

            --R

            It failed.
            --R
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example
            Final-Recipient: rfc822; joe@example.com
            Action: failed
            Status: 5.1.1 (no such user)

            Final-Recipient: rfc822; ann@example.com
            Action: delayed
            Status: 4.2.2
            --R
            Content-Type: text/rfc822-headers

            Message-ID: <ours@x>
            Subject: Your case
            --R--
            """);
        m.Origin.Kind.ShouldBe(MailKind.Bounce);
        var report = m.DeliveryReport!;
        report.Recipients.Select(r => $"{r.Address} {r.Action} {r.Status} {r.IsPermanent}").ShouldBe(["joe@example.com failed 5.1.1 True", "ann@example.com delayed 4.2.2 False"]);
        report.OriginalMessageId.ShouldBe("ours@x");
        report.OriginalSubject.ShouldBe("Your case");
        m.Files.ShouldBeEmpty();
    }
}
