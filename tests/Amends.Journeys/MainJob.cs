using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Amends.Tests.Cast;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>
/// The main job as one story, by hand: a house is set up, messages come in on every way, colleagues work them, the customer is answered, answers, and
/// says that it is solved. Each screen is looked at.
/// </summary>
public sealed class MainJob
{
    const string Mailbox = "service@company.example";
    const string Maria = "maria@casa-verde.example";

    readonly List<string> told = [];

    [Fact]
    public async Task On_SQLite()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1", "in work: runs with ./test nightly until it was seen to pass");
        await using var house = await RealHouse.Open();
        await Told(house, "sqlite");
    }

    [Fact]
    public async Task On_PostgreSQL()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1", "in work: runs with ./test nightly until it was seen to pass");
        var database = await Postgres.CreateDatabase();
        await using var house = await RealHouse.Open("serve", "--database", database);
        // The screens are the same; once is enough.
        house.Looks = false;
        await Told(house, "postgres");
    }

    async Task Told(RealHouse house, string name)
    {
        try { await Story(house); }
        catch
        {
            await house.Last(name);
            throw;
        }
    }

    async Task Story(RealHouse house)
    {
        var anna = await house.Page();

        // First run: the code of the console opens the door.
        await anna.GotoAsync("/");
        await anna.GotoAsync("/first-run");
        await house.Look(anna, "first-run-code");
        await anna.Locator("#code").FillAsync(house.FirstRunCode());
        await anna.Locator("main form button").ClickAsync();
        await anna.Locator("#company").WaitForAsync();
        await house.Look(anna, "first-run");
        await anna.Locator("#name").FillAsync("Anna Berg");
        await anna.Locator("#address").FillAsync("anna@company.example");
        await anna.Locator("#password").FillAsync("three pumps and one kitchen");
        await anna.Locator("#company").FillAsync("Hartmann & Vale");
        await anna.Locator("#zone").SelectOptionAsync("Europe/Berlin");
        await Press(anna, "Open the desk");
        await anna.WaitForURLAsync("**/first-run/ready");
        await house.Look(anna, "first-run-ready");

        // Try it now: a sample message goes the whole way in, and its case opens.
        await Press(anna, "Send the sample");
        await anna.WaitForURLAsync(new Regex("/(cases/|desk)"));
        // Where reading takes longer than the button waits, the list is shown and the case appears in it.
        if (anna.Url.Contains("/desk", StringComparison.Ordinal)) await Row(anna, "My new pump").ClickAsync();
        await anna.Locator("#timeline .contact").First.WaitForAsync();
        await house.Look(anna, "first-case");

        // A colleague is invited by link, and signs in with a second factor.
        await anna.GotoAsync("/settings/colleagues/invite");
        await anna.Locator("#name").FillAsync("Ben Kim");
        await anna.Locator("#address").FillAsync("ben@company.example");
        await anna.Locator("#role").SelectOptionAsync(new SelectOptionValue { Label = "Agent" });
        await anna.Locator("fieldset input[type=checkbox]").First.CheckAsync();
        await house.Look(anna, "invite");
        await Press(anna, "Make the invitation");
        await house.Look(anna, "invited");
        var ben = await house.Page();
        await SecondFactor(house, ben, new Uri((await anna.Locator("#new-link").InnerTextAsync()).Trim()).PathAndQuery);

        // Ways in. The desk stands open beside it and is never loaded again.
        await anna.GotoAsync("/desk/new");
        var first = Mail(Maria, Mailbox, "Kitchen under water again", "The new pump stops after ten minutes, and then the kitchen is under water.", "<first@casa-verde.example>");
        var key = (await house.Run("key", "add", "journey", "--scope", "intake")).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        await Deliver(house, key, first, 201);
        await Deliver(house, key, first, 200);
        await Row(anna, "Kitchen under water again").WaitForAsync();
        var jonas = await house.Page();
        await jonas.GotoAsync("/ask");
        await house.Look(jonas, "ask");
        await jonas.Locator("main form button").ClickAsync();
        await jonas.Locator(".error").First.WaitForAsync();
        await jonas.Locator("input#name").FillAsync("Jonas Weber");
        await jonas.Locator("input#address").FillAsync("jonas@post.example");
        await jonas.Locator("#subject").FillAsync("Invoice shows the old address");
        await jonas.Locator("#text").FillAsync("We moved in March. The invoice shows the old address again.");
        await jonas.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "invoice.txt", MimeType = "text/plain", Buffer = "old address"u8.ToArray() });
        await jonas.Locator("main form button").ClickAsync();
        await jonas.Locator(".thanks").WaitForAsync();
        await house.Look(jonas, "ask-thanks");
        await Row(anna, "Invoice shows the old address").WaitForAsync();

        // A call is written down; the number finds its customer the next time.
        await anna.GotoAsync("/calls/new");
        await anna.Locator("input[name=number]").FillAsync("+49 30 5550118");
        await anna.Locator("#name").FillAsync("Leila Haddad");
        await anna.Locator("textarea[name=text]").FillAsync("She was charged twice for the delivery.");
        await house.Look(anna, "call");
        await Press(anna, "Save the call");
        await anna.Locator("#timeline").GetByText("charged twice").WaitForAsync();
        await anna.GotoAsync("/calls/new");
        await anna.Locator("input[name=number]").PressSequentiallyAsync("+49 30 5550118");
        await anna.Locator("#found-people").GetByText("Leila Haddad").WaitForAsync();

        // A colleague makes a case by hand.
        await anna.GotoAsync("/cases/new");
        await anna.Locator("#name").FillAsync("Kofi Mensah");
        await anna.Locator("#subject").FillAsync("Contract moves to the new flat");
        await anna.Locator("#text").FillAsync("He came to the counter and asked for the contract to move with him.");
        await house.Look(anna, "new-case");
        await Press(anna, "Make the case");
        await anna.Locator("#timeline").GetByText("counter").First.WaitForAsync();

        // The case: opened from the list, given to Ben, a note that mentions him.
        await anna.GotoAsync("/desk/new");
        await house.Look(anna, "desk");
        await Row(anna, "Kitchen under water again").ClickAsync();
        await anna.WaitForURLAsync("**/cases/*");
        var number = Regex.Match(anna.Url, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
        (await anna.Locator("#timeline .contact .body").First.InnerTextAsync()).ShouldContain("kitchen is under water");
        await anna.Keyboard.PressAsync("a");
        await anna.Locator("#sheet #owner").SelectOptionAsync(new SelectOptionValue { Label = "Ben Kim" });
        await house.Look(anna, "assign");
        await anna.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = "Assign" }).ClickAsync();
        await anna.Locator(".case-head").GetByText("Ben Kim").WaitForAsync();
        await anna.Keyboard.PressAsync("n");
        await anna.Locator("#note-text").PressSequentiallyAsync("Third time for her. @Ben");
        await anna.Locator(".popup [role=option]").First.ClickAsync();
        await house.Look(anna, "note");
        await Press(anna, "Add note");
        await anna.Locator("#timeline .note").GetByText("Third time for her").WaitForAsync();

        // Ben is told, opens the case and answers; who gets it stands there and can be changed.
        await ben.GotoAsync("/notices");
        await ben.GetByRole(AriaRole.Main).GetByText("Kitchen under water again").First.WaitForAsync();
        await house.Look(ben, "notices");
        await ben.GotoAsync($"/cases/{number}");
        await ben.Locator("#timeline .contact").First.WaitForAsync();
        await ben.Keyboard.PressAsync("r");
        (await ben.Locator("#to").InputValueAsync()).ShouldContain(Maria);
        await ben.Locator("#reply-text").FillAsync("Maria, three pumps is **our** failure. A new one comes today.");
        await house.Look(ben, "reply");
        await ben.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();
        var sent = ben.Locator("#timeline .contact.ours").GetByText("three pumps is");
        await sent.WaitForAsync();
        // Anna has the case open and sees it come.
        await anna.Locator("#timeline .contact.ours").GetByText("three pumps is").WaitForAsync();

        // The message as the customer sees it.
        await anna.GotoAsync("/outbox");
        await anna.Locator(".outbox-list a").Filter(new() { HasText = "Kitchen under water" }).First.ClickAsync();
        await anna.FrameLocator("iframe.mail-frame").GetByText("three pumps is").WaitForAsync();
        await house.Look(anna, "outbox");

        // The customer answers what she got: it joins the case, live.
        await anna.GotoAsync($"/cases/{number}");
        var raw = await (await anna.APIRequest.GetAsync((await anna.Locator("#timeline .contact.ours a[href$='/raw']").GetAttributeAsync("href"))!)).TextAsync();
        var link = new Uri(Regex.Match(raw.Replace("=\r\n", "", StringComparison.Ordinal), @"https?://[^\s""<]+/c/[A-Za-z0-9_-]{22}", RegexOptions.NonBacktracking).Value).PathAndQuery;
        await Deliver(house, key, Answer(raw, "Thank you. Who comes, and when?"), 201);
        await anna.Locator("#timeline").GetByText("Who comes, and when?").WaitForAsync();

        // Ben is writing when one more comes: his words are held back, and sent when he has read it.
        await ben.Locator("#timeline").GetByText("Who comes, and when?").WaitForAsync();
        await ben.ReloadAsync();
        await ben.Locator("#reply-text").FillAsync("Olga comes between one and three.");
        await Deliver(house, key, Answer(raw, "Please not before four, I am at work."), 201);
        await anna.Locator("#timeline").GetByText("Please not before four").WaitForAsync();
        await ben.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();
        await ben.Locator("#held").GetByText("Please not before four").WaitForAsync();
        await house.Look(ben, "held");
        await ben.Locator("#reply-text").FillAsync("Then Olga comes at half past four.");
        await ben.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();
        await ben.Locator("#timeline .contact.ours").GetByText("half past four").WaitForAsync();

        // Wait, then resolve.
        await ben.Keyboard.PressAsync("s");
        await house.Look(ben, "wait");
        await ben.Locator("#sheet #for").FillAsync("Olga's visit");
        await ben.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = "Wait" }).ClickAsync();
        await ben.Locator(".next-step").GetByText("Olga's visit").WaitForAsync();
        await ben.Keyboard.PressAsync("e");
        await ben.Locator("#sheet #summary").FillAsync("Pump replaced on site.");
        await house.Look(ben, "resolve");
        await ben.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await ben.Locator(".next-step").GetByText("Pump replaced on site.").WaitForAsync();
        await house.Look(ben, "resolved");

        // The customer's page: no account. She says no, writes again, and in the end says yes.
        var maria = await house.Page(900, 800);
        await maria.GotoAsync(link);
        await maria.GetByRole(AriaRole.Heading, new() { Name = "Is it solved?" }).WaitForAsync();
        await house.Look(maria, "letter");
        await Press(maria, "No, not yet");
        await maria.GetByText("We take it up again").WaitForAsync();
        await maria.Locator("#text").FillAsync("It hums when it starts.");
        await maria.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await maria.GetByText("we have your message").WaitForAsync();
        await anna.Locator("#timeline").GetByText("It hums when it starts.").WaitForAsync();
        await anna.Keyboard.PressAsync("e");
        await anna.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await anna.Locator("#sheet").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await maria.GotoAsync(link);
        await Press(maria, "Yes, it is solved");
        await maria.GetByText("glad that it is solved").WaitForAsync();
        await house.Look(maria, "letter-yes");

        // Two cases that are one: merged, and taken apart again.
        await Deliver(house, key, Mail(Maria, Mailbox, "The pump again", "It is the pump in the kitchen, nothing else.", "<again@casa-verde.example>"), 201);
        await anna.GotoAsync("/desk/new");
        await Row(anna, "The pump again").ClickAsync();
        await anna.WaitForURLAsync("**/cases/*");
        var second = Regex.Match(anna.Url, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
        await anna.Keyboard.PressAsync("m");
        await anna.Locator("#sheet").GetByRole(AriaRole.Radio).First.WaitForAsync();
        await house.Look(anna, "merge");
        await anna.Locator($"#sheet input[name=target][value='{number}']").CheckAsync();
        await anna.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = "Merge" }).ClickAsync();
        await anna.WaitForURLAsync($"**/cases/{number}**");
        await anna.Locator("#timeline").GetByText("nothing else").WaitForAsync();
        await house.Look(anna, "merged");
        await anna.Locator("#side").GetByRole(AriaRole.Button, new() { Name = "Undo merge" }).ClickAsync();
        await anna.GotoAsync($"/cases/{second}");
        await anna.Locator("#timeline").GetByText("nothing else").WaitForAsync();
        (await anna.Locator("#composer").CountAsync()).ShouldBe(1, "it stands for itself again");

        // Found by a word of the mail, by the palette, by keys.
        await anna.GotoAsync("/search?q=hums");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Kitchen under water again" }).WaitForAsync();
        await house.Look(anna, "search");
        await anna.Keyboard.PressAsync("Control+k");
        await anna.Locator(".palette-input").FillAsync("Haddad");
        await anna.Locator("#palette [role=option]").Filter(new() { HasText = "Leila Haddad" }).First.WaitForAsync();
        await house.Look(anna, "palette");
        await anna.Keyboard.PressAsync("Escape");
        await anna.GotoAsync("/desk/open");
        await anna.Locator("#rows .case-row").First.WaitForAsync();
        await anna.Keyboard.PressAsync("j");
        await anna.Keyboard.PressAsync("j");
        (await Focused(anna)).ShouldBe(1);
        await anna.Keyboard.PressAsync("k");
        (await Focused(anna)).ShouldBe(0);
        await anna.Keyboard.PressAsync("?");
        await anna.Locator("#keys").GetByText("New case").WaitForAsync();
        await house.Look(anna, "keys");
        await anna.Keyboard.PressAsync("Escape");
        await anna.Keyboard.PressAsync("Enter");
        await anna.WaitForURLAsync("**/cases/*");

        // The session ends while somebody writes: the words stay where they are.
        await ben.GotoAsync($"/cases/{number}");
        await ben.Locator("#reply-text").FillAsync("Words that must not be lost.");
        await ben.Context.ClearCookiesAsync();
        await ben.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();
        await ben.Locator("#signed-out").WaitForAsync();
        (await ben.Locator("#reply-text").InputValueAsync()).ShouldBe("Words that must not be lost.");
        await house.Look(ben, "signed-out");

        await anna.GotoAsync("/me");
        await Press(anna, "Sign out");
        await anna.WaitForURLAsync("**/sign-in**");
        await house.Look(anna, "sign-in");
        (await anna.GotoAsync($"/cases/{number}"))!.Url.ShouldContain("/sign-in");

        house.Flaws.ShouldBeEmpty();
        house.Errors.ShouldBeEmpty();
    }

    /// <summary>Opens the invitation, chooses a password, sets up the second factor, and comes in again with one of the codes.</summary>
    static async Task SecondFactor(RealHouse house, IPage ben, string invitation)
    {
        await ben.GotoAsync(invitation);
        await house.Look(ben, "invitation");
        await ben.Locator("#password").FillAsync("a lantern on the quiet quay");
        await Press(ben, "Accept and sign in");
        await ben.WaitForURLAsync(url => !url.Contains("/invit", StringComparison.Ordinal) && !url.Contains("/join", StringComparison.Ordinal));
        if (ben.Url.Contains("/sign-in", StringComparison.Ordinal)) await SignIn(ben);
        await ben.GotoAsync("/me/second-factor");
        await house.Look(ben, "second-factor");
        var secret = string.Concat((await ben.Locator(".enrol .mono").InnerTextAsync()).Where(char.IsLetterOrDigit));
        await ben.Locator("#code").FillAsync(Code(secret));
        if (await ben.Locator(".enrol input[type=password]").CountAsync() > 0) await ben.Locator(".enrol input[type=password]").FillAsync("a lantern on the quiet quay");
        await Press(ben, "Switch on");
        await ben.Locator(".codes li").First.WaitForAsync();
        await house.Look(ben, "recovery-codes");
        var recovery = (await ben.Locator(".codes li").First.InnerTextAsync()).Trim();
        await ben.GotoAsync("/me");
        await Press(ben, "Sign out");
        await SignIn(ben);
        await ben.Locator("#code").WaitForAsync();
        await house.Look(ben, "sign-in-code");
        await ben.Locator("#code").FillAsync(recovery);
        await Press(ben, "Sign in");
        await ben.WaitForURLAsync("**/desk**");
    }

    static async Task SignIn(IPage ben)
    {
        await ben.GotoAsync("/sign-in");
        await ben.Locator("#address").FillAsync("ben@company.example");
        await ben.Locator("#password").FillAsync("a lantern on the quiet quay");
        await Press(ben, "Sign in");
    }

    // RFC 6238, as the app on a phone does it.
    static string Code(string secret)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(c => Convert.ToString(letters.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var bytes = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
        Array.Reverse(counter);
#pragma warning disable CA5350 // the algorithm of RFC 6238
        var mac = System.Security.Cryptography.HMACSHA1.HashData(bytes, counter);
#pragma warning restore CA5350
        var at = mac[^1] & 15;
        var value = ((mac[at] & 127) << 24 | mac[at + 1] << 16 | mac[at + 2] << 8 | mac[at + 3]) % 1_000_000;
        return value.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();

    static ILocator Row(IPage page, string subject) => page.Locator("#rows .case-row").Filter(new() { HasText = subject }).First;

    static Task<int> Focused(IPage page) => page.EvaluateAsync<int>("[...document.querySelectorAll('#rows .case-row')].indexOf(document.activeElement)");

    static string Mail(string from, string to, string subject, string text, string id, string? answers = null) =>
        $"From: Maria Lopez <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {id}\r\nDate: {TimeProvider.System.GetUtcNow():r}\r\n" + (answers is null ? "" : $"In-Reply-To: {answers}\r\nReferences: {answers}\r\n")
        + $"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n";

    string Answer(string raw, string text)
    {
        told.Add(text);
        var unfolded = raw.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        string Header(string name) => Regex.Match(unfolded, $@"(?im)^{name}: *(?<v>[^\r\n]*)", RegexOptions.NonBacktracking).Groups["v"].Value;
        var to = Regex.Match(Header("Reply-To"), "[^<>\\s]+@[^<>\\s]+", RegexOptions.NonBacktracking).Value;
        return Mail(Maria, to, Header("Subject"), text, $"<answer{told.Count}@casa-verde.example>", Header("Message-ID").Trim());
    }

    static async Task Deliver(RealHouse house, string key, string mail, int expected)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(house.Url, "/intake/mail?mailbox=" + Mailbox)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(mail)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content.Headers.ContentType = new("message/rfc822");
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }
}
