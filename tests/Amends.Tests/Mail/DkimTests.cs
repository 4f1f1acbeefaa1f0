using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Signatures: checked on mail that others signed, and on our own with every byte and rule bent once.</summary>
public class DkimTests
{
    sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    static readonly RSA Key = RSA.Create(1024);
    static readonly string Mail = "From: Ann <ann@example.com>\r\nTo: bob@example.org\r\nSubject: A  folded\r\n subject\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\nHello  there \r\n\r\nBye\r\n\r\n\r\n";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string Record(RSA key, string more = "") => $"v=DKIM1; k=rsa;{more} p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}";

    static DkimVerifier Verifier(string? record, DateTimeOffset? now = null, DnsState state = DnsState.Found) =>
        new((_, _) => Task.FromResult(new DkimKey(record is null && state == DnsState.Found ? DnsState.None : state, record is null ? [] : [record])), new At(now ?? Now));

    static async Task<DkimSignature> Check(string mail, string? record, DateTimeOffset? now = null, DnsState state = DnsState.Found) =>
        (await Verifier(record, now, state).VerifyAsync(Encoding.Latin1.GetBytes(mail), Stop)).ShouldHaveSingleItem();

    static string Sign(string mail)
    {
        using var signer = new DkimSigner("example.com", "s1", Key.ExportPkcs8PrivateKeyPem());
        return Encoding.Latin1.GetString(signer.Sign(Encoding.Latin1.GetBytes(mail), Now));
    }

    /// <summary>A second writing of the standard, the long way round, so that signer and verifier are not only right about each other.</summary>
    static string SignByHand(string mail, string c, string tags, string h, RSA key)
    {
        var blank = mail.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var fields = mail[..(blank + 2)].Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Aggregate(new List<string>(), (list, line) =>
        {
            if (line[0] is ' ' or '\t')
                list[^1] += "\r\n" + line;
            else
                list.Add(line);
            return list;
        });
        var ways = c.Split('/');
        var body = mail[(blank + 4)..];
        if (ways[1] == "relaxed")
            body = string.Join("\r\n", body.Split("\r\n").Select(l => System.Text.RegularExpressions.Regex.Replace(l, "[ \t]+", " ", System.Text.RegularExpressions.RegexOptions.NonBacktracking).TrimEnd(' ')));
        body = body.TrimEnd('\r', '\n');
        if (body.Length > 0 || ways[1] == "simple")
            body += "\r\n";
        if (System.Text.RegularExpressions.Regex.Match(tags, "l=([0-9]+)", System.Text.RegularExpressions.RegexOptions.NonBacktracking) is { Success: true } length)
            body = body[..Math.Min(body.Length, int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture))];
        var bh = Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(body)));
        var signature = $"DKIM-Signature: v=1; a=rsa-sha256; c={c}; d=example.com; s=s1;{tags}\r\n\th={h}; bh={bh};\r\n\tb=";
        var taken = new List<string>(fields);
        var signed = "";
        foreach (var name in h.Split(':'))
        {
            var at = taken.FindLastIndex(f => f.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
            if (at < 0)
                continue;
            signed += Field(taken[at]) + "\r\n";
            taken.RemoveAt(at);
        }
        signed += Field(signature);
        return $"{signature}{Convert.ToBase64String(key.SignData(Encoding.Latin1.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}\r\n{mail}";

        string Field(string field)
        {
            if (ways[0] == "simple")
                return field;
            var colon = field.IndexOf(':');
            var value = System.Text.RegularExpressions.Regex.Replace(field[(colon + 1)..].Replace("\r\n", "", StringComparison.Ordinal), "[ \t]+", " ", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Trim(' ');
            return field[..colon].TrimEnd().ToLowerInvariant() + ":" + value;
        }
    }

    [Fact]
    public async Task A_mail_that_another_signed_is_good_with_its_published_key()
    {
        var folder = Path.Combine(Corpora.Need("mail-mimekit"), "files", "dkim");
        var pem = File.ReadAllText(Path.Combine(folder, "gmail.pub"));
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        var raw = File.ReadAllBytes(Path.Combine(folder, "gmail.msg"));
        var results = await Verifier(Record(key), new DateTimeOffset(2017, 1, 1, 0, 0, 0, TimeSpan.Zero)).VerifyAsync(raw, Stop);
        results.ShouldNotBeEmpty();
        results[0].ShouldSatisfyAllConditions(r => r.Result.ShouldBe(DkimResult.Pass, r.Reason), r => r.Domain.ShouldBe("gmail.com"));
        raw[^10] ^= 1;
        (await Verifier(Record(key)).VerifyAsync(raw, Stop))[0].Result.ShouldBe(DkimResult.Fail);
    }

    /// <summary>The example of RFC 8463, appendix A.</summary>
    [Fact]
    public async Task An_ed25519_signature_is_checked()
    {
        const string mail = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.

            """;
        var raw = Encoding.ASCII.GetBytes(mail.ReplaceLineEndings("\r\n"));
        const string record = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        var found = (await Verifier(record).VerifyAsync(raw, Stop)).ShouldHaveSingleItem();
        found.Result.ShouldBe(DkimResult.Pass, found.Reason);
        found.Verifies(new Mailbox("joe@football.example.com")).ShouldBeTrue();
        // Each letter of the signed headers, of the signature and of the key bent once.
        var text = Encoding.ASCII.GetString(raw);
        foreach (var (from, to) in new[] { ("dinner", "Dinner"), ("Suzie", "Susie"), ("2003 21", "2004 21"), ("46341", "46342"), ("b=/gCr", "b=/gDr"), ("Fa3b", "Fb3b"), ("Q1Dw==", "Q1Dg=="), ("hungry", "angry!") })
            (await Verifier(record).VerifyAsync(Encoding.ASCII.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), Stop))[0].Result.ShouldBe(DkimResult.Fail, to);
        foreach (var (key, result) in new[] { ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURs=", DkimResult.Fail), ("PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", DkimResult.Fail), ("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUQ==", DkimResult.PermanentError), ("/////////////////////////////////////////38=", DkimResult.Fail) })
            (await Verifier($"v=DKIM1; k=ed25519; p={key}").VerifyAsync(raw, Stop))[0].Result.ShouldBe(result, key);
    }

    [Theory]
    [InlineData("simple/simple")]
    [InlineData("simple/relaxed")]
    [InlineData("relaxed/simple")]
    [InlineData("relaxed/relaxed")]
    public async Task Each_canonical_form_is_checked(string c)
    {
        foreach (var mail in new[] { Mail, "From: ann@example.com\r\n\r\n", "From:  ann@example.com \r\nSubject:\r\n\r\n\r\n\r\n", "From: ann@example.com\r\n\r\nno end \t" })
        {
            // Simple bodies keep the missing end of the last line; by the standard it is added.
            (await Check(SignByHand(mail, c, "", "From:Subject:Date:To", Key), Record(Key))).ShouldSatisfyAllConditions(r => r.Result.ShouldBe(DkimResult.Pass, $"{c}: {mail} {r.Reason}"));
        }
    }

    [Fact]
    public async Task What_we_sign_is_good_and_binds_every_part()
    {
        var signed = Sign(Mail);
        signed.Split("\r\n").ShouldAllBe(l => l.Length <= 78);
        var good = await Check(signed, Record(Key));
        good.Result.ShouldBe(DkimResult.Pass, good.Reason);
        good.Verifies(new Mailbox("ann@example.com")).ShouldBeTrue();
        good.Verifies(new Mailbox("ann@sub.example.com")).ShouldBeTrue();
        good.Verifies(new Mailbox("ann@badexample.com")).ShouldBeFalse();
        // What servers do on the way in relaxed form does no harm.
        (await Check(signed.Replace("Subject: A  folded\r\n subject", "subject:  A folded  subject "), Record(Key))).Result.ShouldBe(DkimResult.Pass);
        (await Check("Received: from x\r\n" + signed + "\r\n\r\n", Record(Key))).Result.ShouldBe(DkimResult.Pass);
        foreach (var (from, to) in new[] { ("Hello", "Hallo"), ("A  folded", "B  folded"), ("ann@", "eve@"), ("<1@", "<2@"), ("Bye\r\n", "Bye\r\nmore\r\n"), ("t=1", "t=2") })
            (await Check(signed.Replace(from, to), Record(Key))).Result.ShouldBe(DkimResult.Fail, $"{from} > {to}");
        (await Check(signed.Replace("Subject:", "From: eve@evil.example\r\nSubject:"), Record(Key))).Result.ShouldBe(DkimResult.Fail);
        (await Check(signed.Replace("To: bob", "Subject: another\r\nTo: bob"), Record(Key))).Result.ShouldBe(DkimResult.Fail);
        using var other = RSA.Create(1024);
        (await Check(signed, Record(other))).Result.ShouldBe(DkimResult.Fail);
    }

    [Fact]
    public async Task The_rules_of_the_key_are_kept()
    {
        var signed = Sign(Mail);
        using var weak = RSA.Create(512);
        (await Check(SignByHand(Mail, "relaxed/relaxed", "", "From", weak), Record(weak))).ShouldSatisfyAllConditions(r => r.Result.ShouldBe(DkimResult.PermanentError), r => r.Reason.ShouldContain("512"));
        (await Check(signed, null)).Result.ShouldBe(DkimResult.PermanentError);
        (await Check(signed, null, state: DnsState.Unavailable)).Result.ShouldBe(DkimResult.TemporaryError);
        foreach (var record in new[] { "v=DKIM1; p=", "v=DKIM2; p=AAAA", "p=!!!", "v=DKIM1; k=ed25519; p=AAAA", "nothing", Record(Key, " h=sha1;"), Record(Key, " s=other;"), "v=DKIM1; p=AAAA; p=BBBB" })
            (await Check(signed, record)).Result.ShouldBe(DkimResult.PermanentError, record);
        foreach (var record in new[] { Record(Key, " h=sha1:sha256;"), Record(Key, " s=*;"), Record(Key, " s=email;"), Record(Key, " t=s;"), Record(Key).Replace("v=DKIM1; k=rsa; ", ""), $"p={Convert.ToBase64String(Key.ExportRSAPublicKey())}" })
            (await Check(signed, record)).Result.ShouldBe(DkimResult.Pass, record);
        var trial = await Check(signed, Record(Key, " t=y;"));
        (trial.Result, trial.IsTesting, trial.Verifies(new Mailbox("ann@example.com"))).ShouldBe((DkimResult.Pass, true, false));
        (await Check(SignByHand(Mail, "relaxed/relaxed", " i=ann@sub.example.com;", "From", Key), Record(Key))).Result.ShouldBe(DkimResult.Pass);
        (await Check(SignByHand(Mail, "relaxed/relaxed", " i=ann@sub.example.com;", "From", Key), Record(Key, " t=s;"))).Result.ShouldBe(DkimResult.PermanentError);
    }

    [Theory]
    [InlineData(" x=1795219199;", "From", DkimResult.Pass)]
    [InlineData(" t=1795219190; x=1795219195;", "From", DkimResult.Pass)]
    [InlineData(" t=1795219195; x=1795219190;", "From", DkimResult.PermanentError)]
    [InlineData(" x=1000000000;", "From", DkimResult.Fail)]
    [InlineData(" t=9999999999;", "From", DkimResult.Fail)]
    [InlineData(" t=abc;", "From", DkimResult.PermanentError)]
    [InlineData(" l=5;", "From", DkimResult.Pass)]
    [InlineData(" l=99999;", "From", DkimResult.Fail)]
    [InlineData(" l=-1;", "From", DkimResult.PermanentError)]
    [InlineData("", "Subject:To", DkimResult.PermanentError)]
    [InlineData("", "From:From:Subject:Nobody", DkimResult.Pass)]
    [InlineData(" i=@other.example;", "From", DkimResult.PermanentError)]
    [InlineData(" q=http;", "From", DkimResult.PermanentError)]
    [InlineData(" q=dns/txt;", "From", DkimResult.Pass)]
    [InlineData(" s=s2;", "From", DkimResult.PermanentError)]
    public async Task The_rules_of_the_signature_are_kept(string tags, string h, DkimResult result)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_795_219_190);
        var found = await Check(SignByHand(Mail, "relaxed/simple", tags, h, Key), Record(Key), now);
        found.Result.ShouldBe(result, found.Reason);
        if (tags == " l=5;")
        {
            found.UnsignedBytes.ShouldBeGreaterThan(0);
            found.Verifies(new Mailbox("ann@example.com")).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Several_signatures_are_checked_each_and_not_without_end()
    {
        var signed = SignByHand(Mail, "relaxed/relaxed", "", "From:Subject", Key);
        var two = "DKIM-Signature: v=1; a=rsa-sha1; d=example.com; s=s1; h=From; bh=AA==; b=AA==\r\nDKIM-Signature: v=1; a=ed25519-sha256; d=example.com; s=s1; h=From; bh=AA==; b=AA==\r\n" + signed;
        var results = await Verifier(Record(Key)).VerifyAsync(Encoding.Latin1.GetBytes(two), Stop);
        results.Select(r => r.Result).ShouldBe([DkimResult.PermanentError, DkimResult.PermanentError, DkimResult.Pass]);
        (await Verifier("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").VerifyAsync(Encoding.Latin1.GetBytes(two), Stop))[1].Result.ShouldBe(DkimResult.Fail);
        var many = string.Concat(Enumerable.Repeat("DKIM-Signature: rubbish\r\n", 500)) + Mail;
        (await Verifier(Record(Key)).VerifyAsync(Encoding.Latin1.GetBytes(many), Stop)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Damaged_signatures_never_pass_and_never_throw()
    {
        var signed = Encoding.Latin1.GetBytes(Sign(Mail));
        var random = new Random(11);
        var verifier = Verifier(Record(Key));
        for (var i = 0; i < 500; i++)
        {
            var mail = (byte[])signed.Clone();
            // Letters only: white space may change in the relaxed form.
            var at = random.Next(mail.Length);
            if (!char.IsAsciiLetterOrDigit((char)mail[at]))
                continue;
            mail[at] = (byte)(mail[at] == 'q' ? 'z' : 'q');
            var results = await verifier.VerifyAsync(mail, Stop);
            if (Encoding.Latin1.GetString(mail).Equals(Encoding.Latin1.GetString(signed), StringComparison.OrdinalIgnoreCase))
                continue;
            results.ShouldNotContain(r => r.Result == DkimResult.Pass && r.Verifies(new Mailbox("ann@example.com")), Encoding.Latin1.GetString(mail));
        }
    }

    const string Ours = "mx.desk.example";

    [Theory]
    [InlineData("mx.desk.example; spf=pass smtp.mailfrom=ann@example.com", SenderProof.Verified)]
    [InlineData("MX.desk.example 1; spf=pass (comment; with ( nested ) things) smtp.mailfrom=example.com; dkim=none", SenderProof.Verified)]
    [InlineData("mx.desk.example; dkim=pass header.d=example.com header.s=s1", SenderProof.Verified)]
    [InlineData("mx.desk.example; dkim=pass (2048-bit key) header.i=@example.com", SenderProof.Verified)]
    [InlineData("mx.desk.example; dmarc=pass (p=REJECT) header.from=example.com", SenderProof.Verified)]
    [InlineData("mx.desk.example; spf=pass smtp.mailfrom=ann@example.com; dmarc=fail header.from=example.com", SenderProof.Failed)]
    [InlineData("mx.desk.example; dkim=pass header.d=other.example", SenderProof.NotVerified)]
    [InlineData("mx.desk.example; dkim=pass header.d=com", SenderProof.NotVerified)]
    [InlineData("mx.desk.example; dkim=fail reason=\"bad; dkim=pass header.d=example.com\" header.d=example.com", SenderProof.NotVerified)]
    [InlineData("mx.desk.example; spf=softfail smtp.mailfrom=example.com", SenderProof.NotVerified)]
    [InlineData("mx.desk.example; none", SenderProof.NotVerified)]
    [InlineData("mx.evil.example; dmarc=pass header.from=example.com", SenderProof.NotVerified)]
    [InlineData("mx.desk.example.evil; dmarc=pass header.from=example.com", SenderProof.NotVerified)]
    [InlineData("", SenderProof.NotVerified)]
    public void Only_a_named_receiver_is_believed(string header, SenderProof proof) =>
        AuthenticationResults.ProofOf(MailMessage.Read(Encoding.ASCII.GetBytes($"Received: by {Ours}\r\nAuthentication-Results: {header}\r\nFrom: ann@example.com\r\n\r\n")), [Ours]).ShouldBe(proof);

    [Fact]
    public void A_forged_header_below_our_own_is_not_believed()
    {
        var m = MailMessage.Read(Encoding.ASCII.GetBytes($"Authentication-Results: {Ours}; dmarc=none header.from=example.com\r\nReceived: by {Ours}\r\nAuthentication-Results: {Ours}; dmarc=pass header.from=example.com\r\nFrom: ann@example.com\r\n\r\n"));
        AuthenticationResults.ProofOf(m, [Ours]).ShouldBe(SenderProof.NotVerified);
        AuthenticationResults.ProofOf(m, []).ShouldBe(SenderProof.NotVerified);
        var two = MailMessage.Read(Encoding.ASCII.GetBytes($"Authentication-Results: {Ours}; dmarc=pass\r\nFrom: ann@example.com\r\nFrom: eve@evil.example\r\n\r\n"));
        AuthenticationResults.ProofOf(two, [Ours]).ShouldBe(SenderProof.NotVerified);
    }

    [Fact]
    public void Results_are_read_as_they_are_written()
    {
        var one = AuthenticationResults.Parse("example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; dkim = fail reason=\"no luck\" header . d = a.b; iprev=pass policy.iprev=192.0.2.200").ShouldNotBeNull();
        one.ServerId.ShouldBe("example.com");
        one.Methods.Select(m => $"{m.Method}={m.Result}").ShouldBe(["auth=pass", "dkim=fail", "iprev=pass"]);
        one.Methods[0]["smtp.auth"].ShouldBe("sender@example.net");
        one.Methods[1].Reason.ShouldBe("no luck");
        one.Methods[2]["policy.iprev"].ShouldBe("192.0.2.200");
        AuthenticationResults.Parse("   ").ShouldBeNull();
        AuthenticationResults.Parse(new string(';', 10_000)).ShouldBeNull();
    }
}
