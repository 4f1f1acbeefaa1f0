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
        await using var house = await RealHouse.Open();
        await Told(house, "sqlite", whole: true);
    }

    [Fact]
    public async Task On_PostgreSQL()
    {
        var database = await Postgres.CreateDatabase();
        try
        {
            await using var house = await RealHouse.Open("serve", "--database", database);
            // The screens are the same, and so is what one verb does after the other; the way from mail to answer is walked.
            house.Looks = false;
            await Told(house, "postgres", whole: false);
        }
        finally { await Postgres.DropDatabase(database); }
    }

    async Task Told(RealHouse house, string name, bool whole)
    {
        try
        {
            var anna = await FirstRun(house);
            var ben = await Invite(house, anna);
            var key = (await house.Run("key", "add", "journey", "--scope", "intake")).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            await WaysIn(house, anna, key);
            var number = await Open(anna, "Kitchen under water again");
            await Hand(house, anna, ben, number);
            await Answering(house, anna, ben, number);
            var (link, raw) = await Customer(house, anna, ben, number, key);
            await Resolving(house, anna, ben, number, link);
            await Merging(house, anna, key);
            if (whole)
            {
                await Verbs(house, anna);
                await RealMails(house, anna, key);
                await Finding(house, anna);
            }
            await Leaving(house, anna, ben, number);
            house.NothingWasWrong();
        }
        catch
        {
            await house.Last(name);
            throw;
        }
    }

    // The code of the console opens the door; a sample message goes the whole way in, and its case opens.
    static async Task<IPage> FirstRun(RealHouse house)
    {
        var anna = await house.Page();
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
        await Press(anna, "Send the sample");
        await anna.WaitForURLAsync(new Regex("/(cases/|desk)", RegexOptions.NonBacktracking));
        // Where reading takes longer than the button waits, the list is shown and the case appears in it.
        if (anna.Url.Contains("/desk", StringComparison.Ordinal)) await Row(anna, "My new pump").ClickAsync();
        await anna.Locator("#timeline .contact").First.WaitForAsync();
        await house.Look(anna, "first-case");
        return anna;
    }

    // A colleague comes by a link, forgets nothing, and signs in with a second factor.
    static async Task<IPage> Invite(RealHouse house, IPage anna)
    {
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
        return ben;
    }

    // The desk stands open beside it and is never loaded again.
    static async Task WaysIn(RealHouse house, IPage anna, string key)
    {
        await anna.GotoAsync("/desk/new");
        var first = Mail(Maria, Mailbox, "Kitchen under water again", "The new pump stops after ten minutes, and then the kitchen is under water.", "<first@casa-verde.example>");
        await Deliver(house, key, first, 201);
        await Deliver(house, key, first, 200);
        await Row(anna, "Kitchen under water again").WaitForAsync();
        var jonas = await house.Page();
        await jonas.GotoAsync("/ask");
        await house.Look(jonas, "ask");
        await jonas.Locator("main form button").ClickAsync();
        await jonas.Locator(".error").First.WaitForAsync();
        (await jonas.Locator(".form-errors").InnerTextAsync()).ShouldContain("Your mail address: ");
        await house.Look(jonas, "ask-wrong");
        await jonas.Locator("input#name").FillAsync("Jonas Weber");
        await jonas.Locator("input#address").FillAsync("jonas@post.example");
        await jonas.Locator("#subject").FillAsync("Invoice shows the old address");
        await jonas.Locator("#text").FillAsync("We moved in March. The invoice shows the old address again.");
        await jonas.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "invoice.txt", MimeType = "text/plain", Buffer = "old address"u8.ToArray() });
        await jonas.Locator("main form button").ClickAsync();
        await jonas.Locator(".thanks").WaitForAsync();
        await house.Look(jonas, "ask-thanks");
        await Row(anna, "Invoice shows the old address").WaitForAsync();
        await jonas.CloseAsync();

        // A call is written down; the number finds its customer the next time, while it is typed.
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
        await house.Look(anna, "call-found");

        // A colleague makes a case by hand.
        await anna.GotoAsync("/cases/new");
        await anna.Locator("#name").FillAsync("Kofi Mensah");
        await anna.Locator("#subject").FillAsync("Contract moves to the new flat");
        await anna.Locator("#text").FillAsync("He came to the counter and asked for the contract to move with him.");
        await house.Look(anna, "new-case");
        await Press(anna, "Make the case");
        await anna.Locator("#timeline").GetByText("counter").First.WaitForAsync();
    }

    // Given to Ben, with a note that mentions him; he is told.
    static async Task Hand(RealHouse house, IPage anna, IPage ben, string number)
    {
        (await anna.Locator("#timeline .contact .body").First.InnerTextAsync()).ShouldContain("kitchen is under water");
        await anna.Keyboard.PressAsync("a");
        await anna.Locator("#sheet #owner").SelectOptionAsync(new SelectOptionValue { Label = "Ben Kim" });
        await house.Look(anna, "assign");
        await Sheet(anna, "Assign");
        await anna.Locator(".case-head").GetByText("Ben Kim").WaitForAsync();
        await anna.Keyboard.PressAsync("n");
        await anna.Locator("#note-text").PressSequentiallyAsync("Third time for her. @Ben");
        await anna.Locator(".popup [role=option]").First.ClickAsync();
        await house.Look(anna, "note");
        await Press(anna, "Add note");
        await anna.Locator("#timeline .note").GetByText("Third time for her").WaitForAsync();
        await ben.GotoAsync("/notices");
        await ben.GetByRole(AriaRole.Main).GetByText("Kitchen under water again").First.WaitForAsync();
        await house.Look(ben, "notices");
        await ben.GotoAsync($"/cases/{number}");
        await ben.Locator("#timeline .contact").First.WaitForAsync();
    }

    // Canned text, attachments, copy; who gets it stands there and can be changed; the draft outlives the page; the other one sees who types.
    static async Task Answering(RealHouse house, IPage anna, IPage ben, string number)
    {
        await anna.GotoAsync("/settings/canned");
        await anna.Locator("#name").FillAsync("Our failure");
        await anna.Locator("#text").FillAsync("{customer.firstName}, three pumps is **our** failure.");
        await Press(anna, "Save");
        await anna.Locator("main table").GetByText("Our failure").WaitForAsync();
        await anna.GotoAsync($"/cases/{number}");
        await anna.Locator("#presence").GetByText("Ben").WaitForAsync();
        await ben.Keyboard.PressAsync("r");
        (await ben.Locator("#to").InputValueAsync()).ShouldContain(Maria);
        await ben.Locator("#cc").FillAsync("office@casa-verde.example");
        await ben.Locator("#reply-text").PressSequentiallyAsync("/our");
        await ben.Locator(".popup [role=option]").Filter(new() { HasText = "Our failure" }).WaitForAsync();
        await house.Look(ben, "canned");
        await ben.Keyboard.PressAsync("Enter");
        (await ben.Locator("#reply-text").InputValueAsync()).ShouldBe("Maria, three pumps is **our** failure.");
        await anna.Locator("#presence .types").GetByText("Ben").WaitForAsync();
        await ben.Locator("#reply-text").PressSequentiallyAsync(" There is a new one on the van.");
        await ben.Locator("#reply-form input[type=file]").SetInputFilesAsync([new FilePayload { Name = "visit.txt", MimeType = "text/plain", Buffer = "Olga, today"u8.ToArray() }, new FilePayload { Name = "wrong.txt", MimeType = "text/plain", Buffer = "not this"u8.ToArray() }]);
        await ben.Locator("#reply-form [data-files]").GetByText("wrong.txt").WaitForAsync();
        await ben.GetByRole(AriaRole.Button, new() { Name = "Remove wrong.txt" }).ClickAsync();
        await ben.Locator("#reply-form [data-files]").GetByText("wrong.txt").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Kept(ben);
        await house.Look(ben, "reply");
        await ben.ReloadAsync();
        (await ben.Locator("#reply-text").InputValueAsync()).ShouldBe("Maria, three pumps is **our** failure. There is a new one on the van.");
        (await ben.Locator("#cc").InputValueAsync()).ShouldBe("office@casa-verde.example");
        await ben.Locator("#reply-form [data-files]").GetByText("visit.txt").WaitForAsync();
        await ben.Locator("#reply-text").FocusAsync();
        await SendReply(ben);
        await ben.Locator("#timeline .contact.ours").GetByText("three pumps is").WaitForAsync();
        await ben.Locator("#timeline .contact.ours .file").GetByText("visit.txt").WaitForAsync();
        await Until(ben, "document.querySelector('#reply-text').value === ''");
        // Anna has the case open and sees it come.
        await anna.Locator("#timeline .contact.ours").GetByText("three pumps is").WaitForAsync();

        // The message as the customer sees it.
        await anna.GotoAsync("/outbox");
        await anna.Locator(".outbox-list a").Filter(new() { HasText = "Kitchen under water" }).First.ClickAsync();
        await anna.FrameLocator("iframe.mail-frame").GetByText("three pumps is").WaitForAsync();
        var head = await anna.Locator(".mail-head").InnerTextAsync();
        head.ShouldContain("office@casa-verde.example");
        head.ShouldContain("visit.txt");
        await house.Look(anna, "outbox");
    }

    // She answers what she got: it joins the case, live. What comes while somebody writes holds his words back.
    async Task<(string Link, string Raw)> Customer(RealHouse house, IPage anna, IPage ben, string number, string key)
    {
        await anna.GotoAsync($"/cases/{number}");
        var raw = await (await anna.APIRequest.GetAsync((await anna.Locator("#timeline .contact.ours a[href$='/raw']").GetAttributeAsync("href"))!)).TextAsync();
        // Somebody else is in copy: nobody gets the key to her page.
        raw.ShouldNotContain("/c/", Case.Sensitive);
        await Deliver(house, key, Answer(raw, "Thank you. Who comes, and when?"), 201);
        await anna.Locator("#timeline").GetByText("Who comes, and when?").WaitForAsync();
        await ben.Locator("#timeline").GetByText("Who comes, and when?").WaitForAsync();
        await ben.ReloadAsync();
        await ben.Locator("#reply-text").FillAsync("Does between one and three suit you?");
        await Deliver(house, key, Answer(raw, "Please not before four, I am at work."), 201);
        await anna.Locator("#timeline").GetByText("Please not before four").WaitForAsync();
        await SendReply(ben);
        await ben.Locator("#held").GetByText("Please not before four").WaitForAsync();
        await house.Look(ben, "held");
        await ben.Locator("#reply-text").FillAsync("Does half past four suit you?");
        await ben.Locator("#cc").FillAsync("");
        await SendReply(ben);
        var last = ben.Locator("#timeline .contact.ours").Filter(new() { HasText = "half past four" });
        await last.WaitForAsync();
        var alone = await (await ben.APIRequest.GetAsync((await last.Locator("a[href$='/raw']").GetAttributeAsync("href"))!)).TextAsync();
        var link = new Uri(Regex.Match(alone.Replace("=\r\n", "", StringComparison.Ordinal), @"https?://[^\s""<]+/c/[A-Za-z0-9_-]{22}", RegexOptions.NonBacktracking).Value).PathAndQuery;
        // What was sent is not there to be sent once more.
        await Until(ben, "document.querySelector('#reply-text').value === '' && !document.querySelector('#held')");
        return (link, raw);
    }

    // Wait, resolve; the customer's page without an account: no, a new message, and in the end yes.
    static async Task Resolving(RealHouse house, IPage anna, IPage ben, string number, string link)
    {
        await ben.Keyboard.PressAsync("s");
        await ben.Locator("#sheet #for").FillAsync("Olga's visit");
        await house.Look(ben, "wait");
        await Sheet(ben, "Wait");
        await ben.Locator(".next-step").GetByText("Olga's visit").WaitForAsync();
        await ben.Keyboard.PressAsync("e");
        await ben.Locator("#sheet #summary").FillAsync("Pump replaced on site.");
        await house.Look(ben, "resolve");
        await Sheet(ben, "Resolve");
        await ben.Locator(".next-step").GetByText("Pump replaced on site.").WaitForAsync();
        await house.Look(ben, "resolved");

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
        await Sheet(anna, "Resolve");
        await anna.Locator("#sheet").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await maria.GotoAsync(link);
        await Press(maria, "Yes, it is solved");
        await maria.GetByText("glad that it is solved").WaitForAsync();
        await house.Look(maria, "letter-yes");
        await maria.CloseAsync();
        await anna.GotoAsync($"/cases/{number}");
        await anna.Locator(".next-step").GetByText("Confirmed by the customer").WaitForAsync();
    }

    // New mails of somebody whose case is done make cases of their own; two that are one are merged, and taken apart again.
    static async Task Merging(RealHouse house, IPage anna, string key)
    {
        await Deliver(house, key, Mail(Maria, Mailbox, "The pump again", "It is the pump in the kitchen, nothing else.", "<again@casa-verde.example>"), 201);
        // Straight after: what was told between the page and its line of hints must not be lost.
        await anna.GotoAsync("/desk/new");
        await Row(anna, "The pump again").WaitForAsync();
        await Deliver(house, key, Mail(Maria, Mailbox, "Still the pump", "I forgot: it is the one from March.", "<still@casa-verde.example>"), 201);
        await Row(anna, "Still the pump").WaitForAsync();
        var into = Regex.Match((await Row(anna, "The pump again").GetAttributeAsync("href"))!, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
        var second = await Open(anna, "Still the pump");
        await anna.Keyboard.PressAsync("m");
        await anna.Locator("#sheet").GetByRole(AriaRole.Radio).First.WaitForAsync();
        await house.Look(anna, "merge");
        await anna.Locator($"#sheet input[name=target][value='{into}']").CheckAsync();
        await Sheet(anna, "Merge");
        await anna.WaitForURLAsync($"**/cases/{into}**");
        await anna.Locator("#timeline").GetByText("the one from March").WaitForAsync();
        await house.Look(anna, "merged");
        await anna.Locator("#side").GetByRole(AriaRole.Button, new() { Name = "Undo merge" }).ClickAsync();
        await anna.Locator("#side").GetByRole(AriaRole.Button, new() { Name = "Undo merge" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await anna.GotoAsync($"/cases/{second}");
        await anna.Locator("#timeline").GetByText("the one from March").WaitForAsync();
        (await anna.Locator("#composer").CountAsync()).ShouldBe(1, "it stands for itself again");
    }

    // Every other thing that is done with a case, each with its way back.
    static async Task Verbs(RealHouse house, IPage anna)
    {
        var head = anna.Locator(".case-head");
        var number = await Open(anna, "Invoice shows the old address");
        await Menu(anna, "Follow");
        await anna.Locator("#case .case-bar .menu-list").GetByText("No longer follow", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Undo(anna);
        await anna.Locator("#case .case-bar .menu-list").GetByText("Follow", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await anna.Keyboard.PressAsync("#");
        await anna.Locator("#sheet #new").FillAsync("address");
        await house.Look(anna, "tags");
        await Sheet(anna, "Save");
        await head.Locator(".tag").GetByText("address").WaitForAsync();
        await Undo(anna);
        await head.Locator(".tag").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await anna.Keyboard.PressAsync("y");
        await anna.Locator("#sheet").GetByText("Complaint", new() { Exact = true }).ClickAsync();
        await anna.Locator("#sheet").GetByText("Serious", new() { Exact = true }).ClickAsync();
        await house.Look(anna, "sort");
        await Sheet(anna, "Save");
        await head.GetByText("Complaint, serious").WaitForAsync();
        await Undo(anna);
        await head.GetByText("Complaint, serious").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await anna.Keyboard.PressAsync("a");
        await anna.Locator("#sheet #owner").SelectOptionAsync(new SelectOptionValue { Label = "Ben Kim" });
        await Sheet(anna, "Assign");
        await head.GetByText("Ben Kim").WaitForAsync();
        await Undo(anna);
        await head.GetByText("Nobody yet").WaitForAsync();

        await Menu(anna, "Rename");
        await anna.Locator("#sheet #subject").FillAsync("Invoice with the old address");
        await Sheet(anna, "Save");
        await anna.GetByRole(AriaRole.Heading, new() { Name = "Invoice with the old address" }).WaitForAsync();
        await Undo(anna);
        await anna.GetByRole(AriaRole.Heading, new() { Name = "Invoice shows the old address" }).WaitForAsync();

        await anna.Keyboard.PressAsync("s");
        await Sheet(anna, "Wait");
        await anna.Locator(".next-step").GetByText("Waits until").WaitForAsync();
        await Undo(anna);
        await anna.Locator(".next-step").GetByText("First answer by").WaitForAsync();

        await anna.Keyboard.PressAsync("e");
        await Sheet(anna, "Resolve");
        await anna.Locator(".next-step").GetByText("to be confirmed").WaitForAsync();
        await Undo(anna);
        await anna.Locator(".next-step").GetByText("First answer by").WaitForAsync();
        await anna.Keyboard.PressAsync("e");
        await Sheet(anna, "Resolve");
        await anna.Locator(".next-step").GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        await anna.Locator(".next-step").GetByText("Closed").WaitForAsync();
        await Undo(anna);
        await anna.Locator(".next-step").GetByText("to be confirmed").WaitForAsync();
        await anna.Keyboard.PressAsync("o");
        await Sheet(anna, "Reopen");
        await anna.Locator(".next-step").GetByText("First answer by").WaitForAsync();
        await Undo(anna);
        await anna.Locator(".next-step").GetByText("to be confirmed").WaitForAsync();
        await anna.Keyboard.PressAsync("o");
        await Sheet(anna, "Reopen");

        await Menu(anna, "Spam");
        await head.GetByText("spam", new() { Exact = true }).WaitForAsync();
        await Undo(anna);
        await head.GetByText("spam", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Menu(anna, "Delete");
        await head.GetByText("deleted", new() { Exact = true }).WaitForAsync();
        await house.Look(anna, "deleted");
        await Undo(anna);
        await anna.Locator("#composer").WaitForAsync();

        await Menu(anna, "Link a case");
        await anna.Locator("#sheet input[name=q]").FillAsync("Contract moves");
        await anna.Keyboard.PressAsync("Enter");
        await anna.Locator("#sheet").GetByRole(AriaRole.Radio, new() { Name = "Contract moves" }).CheckAsync();
        await house.Look(anna, "link");
        await Sheet(anna, "Link a case");
        await anna.Locator("#side").GetByText("Contract moves to the new flat").WaitForAsync();
        await Undo(anna);
        await anna.Locator("#side").GetByText("Contract moves to the new flat").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await anna.Locator("#timeline .contact details.menu > summary").First.ClickAsync();
        await anna.Locator("#timeline .contact").GetByText("Split off into a new case").First.ClickAsync();
        await anna.Locator("#sheet #subject").FillAsync("The move itself");
        await house.Look(anna, "split");
        await Sheet(anna, "Split off");
        await anna.Locator("#timeline .fact").GetByText("split").Last.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await anna.GotoAsync("/search?q=move+itself");
        await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "The move itself" }).WaitForAsync();
        // The toast has gone with the page; the way back also stands in the history.
        await anna.GotoAsync($"/cases/{number}/history");
        await house.Look(anna, "history");
        await anna.Locator("li.fact").Filter(new() { HasText = "split" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).First.ClickAsync();
        await anna.WaitForURLAsync($"**/cases/{number}**");
        await anna.GotoAsync("/search?q=move+itself");
        (await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "The move itself" }).CountAsync()).ShouldBe(0);

        // Several at once, and back.
        await anna.GotoAsync("/desk/new");
        await house.Look(anna, "desk");
        await anna.Keyboard.PressAsync("x");
        await anna.Locator("[data-all]").CheckAsync();
        var picked = await anna.Locator(".pick:checked").CountAsync();
        picked.ShouldBeGreaterThan(2);
        await house.Look(anna, "bulk");
        await anna.Locator(".bulk-bar").GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await anna.Locator("#toasts").GetByText($"Done for {picked} cases").WaitForAsync();
        await Undo(anna);
        await anna.GotoAsync("/desk/new");
        (await anna.Locator("#rows .case-row").CountAsync()).ShouldBe(picked);
    }

    // Mails that others really sent, by the pipe and from a folder: each is a case or stands in the quarantine, and nothing stops.
    static async Task RealMails(RealHouse house, IPage anna, string key)
    {
        if (Corpora.Find("mail-libredesk", "files") is not { } posted || Corpora.Find("mail-ruby", "files") is not { } folder) return;
        await anna.GotoAsync("/desk/open");
        foreach (var file in Directory.EnumerateFiles(posted, "*.eml")) await Deliver(house, key, await File.ReadAllBytesAsync(file), 201);
        await Row(anna, "Invoice and logo").WaitForAsync();
        await Open(anna, "Invoice and logo", "/desk/open");
        (await anna.Locator("#timeline .contact .file").CountAsync()).ShouldBeGreaterThan(0);
        await anna.Locator("#timeline details.original > summary").First.ClickAsync();
        await anna.Locator("#timeline iframe.mail-frame").First.ContentFrame.Locator("body").WaitForAsync();
        await house.Look(anna, "real-mail");
        var (exit, said) = await house.Run("import", "eml", folder, "--mailbox", Mailbox);
        exit.ShouldBe(0, said);
        // Once more is the same.
        (await house.Run("import", "eml", folder, "--mailbox", Mailbox)).Exit.ShouldBe(0);
        await anna.GotoAsync("/quarantine");
        await house.Look(anna, "quarantine");
        await anna.GotoAsync("/stuck");
        await house.Look(anna, "problems");
    }

    // Found by a word of the mail, by the palette, by keys.
    static async Task Finding(RealHouse house, IPage anna)
    {
        await anna.GotoAsync("/search?q=hums");
        await anna.GetByRole(AriaRole.Link, new() { Name = "Kitchen under water again" }).WaitForAsync();
        await house.Look(anna, "search");
        // The field of the search page has the focus, and there "?" is a letter.
        await anna.GotoAsync("/desk/open");
        await anna.Keyboard.PressAsync("Control+k");
        await anna.Locator(".palette-input").FillAsync("Haddad");
        await anna.Locator("#palette [role=option]").Filter(new() { HasText = "Leila Haddad" }).First.WaitForAsync();
        await house.Look(anna, "palette");
        await anna.Keyboard.PressAsync("Escape");
        await anna.Keyboard.PressAsync("?");
        await anna.Locator("#keys").GetByText("Next in the list").WaitForAsync();
        await house.Look(anna, "keys");
        await anna.Keyboard.PressAsync("Escape");
    }

    // The session ends while somebody writes: the words stay where they are. A forgotten password finds its way back.
    static async Task Leaving(RealHouse house, IPage anna, IPage ben, string number)
    {
        await ben.GotoAsync($"/cases/{number}");
        await ben.Locator("#reply-text").FillAsync("Words that must not be lost.");
        await ben.Context.ClearCookiesAsync();
        await SendReply(ben);
        await ben.Locator("#signed-out").WaitForAsync();
        (await ben.Locator("#reply-text").InputValueAsync()).ShouldBe("Words that must not be lost.");
        await house.Look(ben, "signed-out");

        await ben.GotoAsync("/sign-in/forgotten");
        await house.Look(ben, "forgotten");
        await ben.Locator("#address").FillAsync("ben@company.example");
        await ben.Locator("main form button").ClickAsync();
        await ben.Locator("main h1").GetByText("mail").WaitForAsync();
        await house.Look(ben, "forgotten-sent");
        await anna.GotoAsync("/outbox");
        for (var i = 0; i < 40 && await anna.Locator(".outbox-list a").Filter(new() { HasText = "ben@company.example" }).Filter(new() { HasText = "password" }).CountAsync() == 0; i++)
        {
            await Task.Delay(250);
            await anna.ReloadAsync();
        }
        await anna.Locator(".outbox-list a").Filter(new() { HasText = "ben@company.example" }).Filter(new() { HasText = "password" }).First.ClickAsync();
        // A letter that opens somebody's account is read by nobody else; an administrator makes a link of her own.
        await anna.Locator("#outbox-mail").GetByText("so nobody reads it here").WaitForAsync();
        await anna.GotoAsync("/settings/colleagues");
        await anna.Locator("main .row-link").GetByText("Ben Kim").ClickAsync();
        var link = anna.Locator("form[action$='/link']");
        if (await link.Locator("input[type=password]").CountAsync() > 0) await link.Locator("input[type=password]").FillAsync("three pumps and one kitchen");
        await link.GetByRole(AriaRole.Button, new() { Name = "Make a reset link" }).ClickAsync();
        await ben.GotoAsync(new Uri((await anna.Locator("#new-link").InnerTextAsync()).Trim()).PathAndQuery);
        await ben.Locator("#password").WaitForAsync();
        await house.Look(ben, "new-password");

        await anna.GotoAsync("/me");
        await house.Look(anna, "me");
        await Press(anna, "Sign out");
        await anna.WaitForURLAsync("**/sign-in**");
        await house.Look(anna, "sign-in");
        (await anna.GotoAsync($"/cases/{number}"))!.Url.ShouldContain("/sign-in");
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
        var counter = BitConverter.GetBytes(RealClock.Now.ToUnixTimeSeconds() / 30);
        Array.Reverse(counter);
#pragma warning disable CA5350 // the algorithm of RFC 6238
        var mac = System.Security.Cryptography.HMACSHA1.HashData(bytes, counter);
#pragma warning restore CA5350
        var at = mac[^1] & 15;
        var value = ((mac[at] & 127) << 24 | mac[at + 1] << 16 | mac[at + 2] << 8 | mac[at + 3]) % 1_000_000;
        return value.ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    // Opens a case from a list, and answers with its number.
    static async Task<string> Open(IPage page, string subject, string list = "/desk/new")
    {
        await page.GotoAsync(list);
        await Row(page, subject).ClickAsync();
        await page.WaitForURLAsync("**/cases/*");
        await page.GetByRole(AriaRole.Heading, new() { Name = subject }).First.WaitForAsync();
        return Regex.Match(page.Url, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
    }

    static async Task Menu(IPage page, string entry)
    {
        await page.Locator("#case .case-bar details.menu > summary").ClickAsync();
        await page.Locator("#case .case-bar .menu-list").GetByText(entry, new() { Exact = true }).ClickAsync();
    }

    // Asked from outside: the page's own policy lets no text be run inside of it.
    static async Task Until(IPage page, string holds)
    {
        for (var i = 0; i < 200; i++)
        {
            try { if (await page.EvaluateAsync<bool>(holds)) return; }
            catch (PlaywrightException) { } // between two pages
            await Task.Delay(100);
        }
        throw new TimeoutException(holds);
    }

    static Task Sheet(IPage page, string button) => page.Locator("#sheet").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    static Task Undo(IPage page) => Eyes.Turns(page, () => page.Locator("#toasts [data-undo]").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync());

    static Task SendReply(IPage page) => page.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();

    // The draft stands on the server.
    // *Saved* stays while more is typed: what the browser still keeps for itself has not been saved yet.
    static async Task Kept(IPage page)
    {
        await page.Locator("#reply-form [data-saved]:not(:empty)").WaitForAsync();
        await Until(page, "!Object.keys(sessionStorage).some(k => k.startsWith('draft:'))");
    }

    static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();

    static ILocator Row(IPage page, string subject) => page.Locator("#rows .case-row").Filter(new() { HasText = subject }).First;

    static string Mail(string from, string to, string subject, string text, string id, string? answers = null) =>
        $"From: Maria Lopez <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {id}\r\nDate: {RealClock.Now:r}\r\n" + (answers is null ? "" : $"In-Reply-To: {answers}\r\nReferences: {answers}\r\n")
        + $"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n";

    string Answer(string raw, string text)
    {
        told.Add(text);
        var unfolded = raw.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        string Header(string name) => Regex.Match(unfolded, $@"(?im)^{name}: *(?<v>[^\r\n]*)", RegexOptions.NonBacktracking).Groups["v"].Value;
        var to = Regex.Match(Header("Reply-To"), "[^<>\\s]+@[^<>\\s]+", RegexOptions.NonBacktracking).Value;
        return Mail(Maria, to, Header("Subject"), text, $"<answer{told.Count}@casa-verde.example>", Header("Message-ID").Trim());
    }

    static Task Deliver(RealHouse house, string key, string mail, int expected) => Deliver(house, key, Encoding.UTF8.GetBytes(mail), expected);

    static async Task Deliver(RealHouse house, string key, byte[] mail, int expected)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(house.Url, "/intake/mail?mailbox=" + Mailbox)) { Content = new ByteArrayContent(mail) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content.Headers.ContentType = new("message/rfc822");
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }
}
