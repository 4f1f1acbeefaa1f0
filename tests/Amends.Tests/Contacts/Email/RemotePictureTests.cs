using System.Net;
using System.Text;
using Amends.Contacts;
using Amends.Contacts.Email;
using Amends.Foundation;
using Amends.Foundation.Outside;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

/// <summary>Remote images: never by themselves, on request by our own proxy (A07).</summary>
public class RemotePictureTests
{
    const string Body = "<p>Our new pumps</p><img src=\"http://shop.example/pump.png\" alt=Pump><img src=\"//shop.example/open.gif?who=maria\" width=1 height=1><img src=\"http://169.254.169.254/latest\">";

    static byte[] Mail(string html, string from = "eve@customer.example", string? more = null) => Encoding.UTF8.GetBytes(string.Join("\r\n", [$"From: Eve <{from}>", "To: service@amends.example", "Subject: News",
        $"Message-ID: <{Guid.NewGuid():N}@customer.example>", .. more is null ? Array.Empty<string>() : [more], "MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", "", html, ""]));

    static async Task<Contact> Arrive(FullHouse full, byte[] raw)
    {
        using var pipe = full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(raw))).EnsureSuccessStatusCode();
        await full.Rest();
        using var db = full.House.Databases.Open();
        return await db.Set<Contact>().OrderByDescending(c => c.Id).FirstAsync();
    }

    // A named receiver says that the sender is who he says.
    static async Task Believe(FullHouse full) => await full.House.Write.Run(Actor.System("test"), null, async db =>
    {
        var box = await db.Load<Mailbox>(full.Mailbox);
        box.Receivers = "mx.amends.example";
        box.Changed();
    });

    const string Vouched = "Authentication-Results: mx.amends.example; dmarc=pass header.from=customer.example";

    static List<string> Pictures(Seen seen) => [.. seen.Document.Images.Select(i => i.GetAttribute("src")).OfType<string>()];

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A07_nothing_is_fetched_until_somebody_asks_and_then_by_the_house(On on)
    {
        await using var far = await FarServer.Start();
        await using var full = await FullHouse.Make(on, far.Into);
        var contact = await Arrive(full, Mail(Body));
        contact.HasRemote.ShouldBeTrue();
        var html = $"/contacts/{contact.Id}/html";
        var plain = await full.Admin.See(html);
        Pictures(plain).ShouldBeEmpty();
        plain.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("img-src data:;");
        foreach (var path in new[] { $"/contacts/{contact.Id}/print", $"/contacts/{contact.Id}/original", $"/contacts/{contact.Id}/original?as=text" }) (await full.Admin.See(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        far.Asked.ShouldBeEmpty();

        // With script or without: a form whose target is the frame.
        var page = await full.Admin.See($"/contacts/{contact.Id}/original");
        var form = page.Document.QuerySelector($"form[action='{html}']")!;
        form.GetAttribute("target").ShouldBe(page.Document.QuerySelector("iframe")!.GetAttribute("name"));
        var shown = await full.Admin.Send(page, html, ("show", "once"));
        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Body);
        var pictures = Pictures(shown);
        pictures.Count.ShouldBe(2, "an address of the house gets no address of the proxy");
        shown.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"img-src data: {full.House.Url.GetLeftPart(UriPartial.Authority)}/pictures/;");
        far.Asked.ShouldBeEmpty();

        // The frame has no cookie.
        using var frame = full.House.Client();
        using var answer = await frame.GetAsync(pictures[0]);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(FarServer.Png);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        string One(string name) => answer.Headers.GetValues(name).Single();
        (One("X-Content-Type-Options"), One("Content-Security-Policy"), One("Cross-Origin-Resource-Policy"), One("Referrer-Policy")).ShouldBe(("nosniff", "default-src 'none'; sandbox", "cross-origin", "no-referrer"));
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        // Looked at again, and by a colleague: the sender's server is asked once.
        (await frame.GetAsync(pictures[0])).EnsureSuccessStatusCode();
        (await frame.GetAsync(Pictures(await full.Admin.Send(page, html, ("show", "once")))[0])).EnsureSuccessStatusCode();
        far.Asked.ShouldBe(["/pump.png"]);
        // It was for this once.
        Pictures(await full.Admin.See(html)).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A07_A22_an_address_of_a_picture_opens_that_picture_for_that_session_for_a_while(On on)
    {
        await using var far = await FarServer.Start();
        await using var full = await FullHouse.Make(on, far.Into);
        var contact = await Arrive(full, Mail(Body));
        var token = await full.TokenOf(full.Admin);
        var page = await full.Admin.See($"/contacts/{contact.Id}/original");
        var address = Pictures(await full.Admin.Send(page, $"/contacts/{contact.Id}/html", ("show", "once")))[0];
        using var frame = full.House.Client();
        // Each of its letters counts, and there is no other way to name an address.
        for (var i = "/pictures/".Length; i < address.Length; i += 7)
        {
            var changed = address[..i] + (address[i] == 'A' ? 'B' : 'A') + address[(i + 1)..];
            (await frame.GetAsync(changed)).StatusCode.ShouldBe(HttpStatusCode.NotFound, changed);
        }
        foreach (var wrong in (string[])["/pictures/x", "/pictures/" + new string('A', 5000), "/pictures/http:%2F%2Fshop.example%2Fp.png", address + "?url=http://shop.example/other.png"])
            (await frame.GetAsync(wrong)).StatusCode.ShouldBe(wrong.Contains('?', StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.NotFound, wrong);
        far.Asked.ShouldBe(["/pump.png"]);
        // Whoever does not see the case has no such page, and sends no such form.
        (await full.AgentB.GetAsync($"/contacts/{contact.Id}/html")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await full.Try(full.AgentB, HttpMethod.Post, $"/contacts/{contact.Id}/html", ("show", "once"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // The case is lost to whom it was opened for: so is the picture.
        var his = Pictures(await full.AgentA.Send(await full.AgentA.See($"/contacts/{contact.Id}/original"), $"/contacts/{contact.Id}/html", ("show", "once")))[0];
        (await frame.GetAsync(his)).StatusCode.ShouldBe(HttpStatusCode.OK);
        long number;
        using (var db = full.House.Databases.Open()) number = await db.Set<Amends.Cases.Case>().Where(c => c.Id == contact.CaseId).Select(c => c.Number).SingleAsync();
        await full.Post(full.Admin, $"/cases/{number}/confidential", ("on", "true"));
        (await frame.GetAsync(his)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await frame.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        full.House.Clock.Advance(TimeSpan.FromMinutes(16));
        (await frame.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // And with the session.
        address = Pictures(await full.Admin.Send(page, $"/contacts/{contact.Id}/html", ("show", "once")))[0];
        (await frame.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await full.Post(full.Admin, "/sign-out");
        (await frame.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A07_a_sender_is_shown_always_where_he_is_verified_and_to_whom_chose_so(On on)
    {
        await using var far = await FarServer.Start();
        await using var full = await FullHouse.Make(on, far.Into);
        var stranger = await Arrive(full, Mail(Body));
        stranger.Trust.ShouldBe(SenderTrust.NotVerified);
        (await full.Try(full.Admin, HttpMethod.Post, $"/contacts/{stranger.Id}/html", ("show", "always"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await full.Admin.See($"/contacts/{stranger.Id}/original")).Document.QuerySelectorAll("[name=show]").Select(b => b.GetAttribute("value")).ShouldBe(["once"]);
        await Believe(full);
        var first = await Arrive(full, Mail(Body, more: Vouched));
        first.Trust.ShouldBe(SenderTrust.Verified);
        var page = await full.Admin.See($"/contacts/{first.Id}/original");
        page.Document.QuerySelectorAll("[name=show]").Select(b => b.GetAttribute("value")).ShouldBe(["once", "always"]);
        Pictures(await full.Admin.Send(page, $"/contacts/{first.Id}/html", ("show", "always"))).Count.ShouldBe(2);
        // The next of his mails, without asking; not one that only says that it is his, and not for a colleague.
        var next = await Arrive(full, Mail(Body, more: Vouched));
        Pictures(await full.Admin.See($"/contacts/{next.Id}/html")).Count.ShouldBe(2);
        Pictures(await full.AgentA.See($"/contacts/{next.Id}/html")).ShouldBeEmpty();
        var forged = await Arrive(full, Mail(Body));
        Pictures(await full.Admin.See($"/contacts/{forged.Id}/html")).ShouldBeEmpty();
        // And no longer.
        var bar = await full.Admin.See($"/contacts/{next.Id}/original");
        bar.Document.QuerySelectorAll("[name=show]").Select(b => b.GetAttribute("value")).ShouldBe(["never"]);
        Pictures(await full.Admin.Send(bar, $"/contacts/{next.Id}/html", ("show", "never"))).ShouldBeEmpty();
        Pictures(await full.Admin.See($"/contacts/{next.Id}/html")).ShouldBeEmpty();
        far.Asked.ShouldBeEmpty("pages name pictures; only a browser asks for them");
    }

    [Fact]
    public async Task A04_A07_only_raster_images_come_through_whatever_they_are_called()
    {
        await using var far = await FarServer.Start();
        void Says(string path, string type, byte[] bytes) => far.Paths[path] = http => { http.Response.ContentType = type; return http.Response.Body.WriteAsync(bytes).AsTask(); };
        Says("/drawing.png", "image/png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray());
        Says("/drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray());
        Says("/page.gif", "image/gif", "<!doctype html><script>alert(1)</script>"u8.ToArray());
        Says("/torn.png", "image/png", FarServer.Png[..20]);
        Says("/empty.png", "image/png", []);
        Says("/large.png", "image/png", [.. FarServer.Png, .. new byte[RemotePictures.MostBytes]]);
        Says("/lies.html", "text/html", FarServer.Png);
        using var calls = far.Calls();
        using var pictures = new RemotePictures(calls, new FakeTime());
        foreach (var path in (string[])["/drawing.png", "/drawing.svg", "/page.gif", "/torn.png", "/empty.png", "/large.png"]) (await pictures.Get(new("http://shop.example" + path), 1)).ShouldBeNull(path);
        (await pictures.Get(new("http://shop.example/lies.html"), 1))!.Kind.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Pictures_are_kept_for_a_while_up_to_a_bound()
    {
        await using var far = await FarServer.Start();
        byte[] large = [.. FarServer.Png, .. new byte[4 * 1024 * 1024]];
        for (var i = 0; i < 12; i++) far.Paths[$"/{i}.png"] = http => http.Response.Body.WriteAsync(large).AsTask();
        using var calls = far.Calls();
        var clock = new FakeTime();
        using var pictures = new RemotePictures(calls, clock);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => pictures.Get(new("http://shop.example/same.png"), 1)));
        far.Asked.ShouldBe(["/same.png"]);
        clock.Advance(TimeSpan.FromMinutes(61));
        await pictures.Get(new("http://shop.example/same.png"), 1);
        far.Asked.Count.ShouldBe(2);
        for (var i = 0; i < 12; i++) (await pictures.Get(new($"http://shop.example/{i}.png"), 1)).ShouldNotBeNull();
        for (var i = 0; i < 100 && pictures.Kept is 0 or > RemotePictures.MostKept; i++) await Task.Delay(20, TestContext.Current.CancellationToken);
        pictures.Kept.ShouldBeInRange(20L * 1024 * 1024, RemotePictures.MostKept);
        far.Asked.Clear();
        await pictures.Get(new("http://shop.example/11.png"), 1);
        far.Asked.ShouldBeEmpty();
        await pictures.Get(new("http://shop.example/0.png"), 1);
        far.Asked.ShouldBe(["/0.png"]);
    }

    [Fact]
    public async Task A_mail_whose_pictures_do_not_come_holds_up_no_other_and_nobody_for_long()
    {
        await using var far = await FarServer.Start();
        var (now, most, gate) = (0, 0, new Lock());
        for (var i = 0; i < 20; i++)
            far.Paths[$"/slow/{i}.png"] = async http =>
            {
                lock (gate) most = Math.Max(most, ++now);
                await Task.Delay(TimeSpan.FromSeconds(60), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (gate) now--;
            };
        using var calls = far.Calls();
        using var pictures = new RemotePictures(calls, new FakeTime());
        var began = System.Diagnostics.Stopwatch.StartNew();
        var slow = Enumerable.Range(0, 20).Select(i => pictures.Get(new($"http://shop.example/slow/{i}.png"), 1)).ToList();
        while (now < 2) await Task.Delay(20, TestContext.Current.CancellationToken);
        (await pictures.Get(new("http://shop.example/quick.png"), 2)).ShouldNotBeNull();
        // Now, and not at the end: who was given up on is still counted there for a moment, while the next is asked.
        most.ShouldBe(2);
        slow.ShouldAllBe(s => !s.IsCompleted, "the other mail did not wait for them");
        (await Task.WhenAll(slow)).ShouldAllBe(p => p == null);
        // Two at a time for ten seconds each would be a hundred.
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
        far.Asked.Count(a => a.StartsWith("/slow/", StringComparison.Ordinal)).ShouldBeLessThan(8);
        // And it may have lines again.
        (await pictures.Get(new("http://shop.example/after.png"), 1)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("<p>no picture, https://shop.example", false)]
    [InlineData("<img src=cid:logo>", false)]
    [InlineData("<img alt=x src = 'HTTPS://shop.example/p'>", true)]
    [InlineData("<IMG data-src=\"x\" SRC=\"//shop.example/p\">", true)]
    [InlineData("<img src=\"data:image/png;base64,AA==\"><img\n src=http://x.example>", true)]
    [InlineData("<img src", false)]
    public void Whether_remote_images_are_named_is_seen_at_a_glance(string html, bool are) => RemotePictures.AreNamed(html).ShouldBe(are);

    [Fact]
    public void A39_the_look_for_remote_images_reads_each_character_a_few_times_at_most()
    {
        // Read anew from each beginning to the end this would take for ever.
        RemotePictures.AreNamed(string.Concat(Enumerable.Repeat("<img", 5_000_000))).ShouldBeFalse();
        RemotePictures.AreNamed(string.Concat(Enumerable.Repeat("<img src", 2_000_000)) + ">").ShouldBeFalse();
        RemotePictures.AreNamed(new string(' ', 5_000_000) + "<img src=http://a.example/b.png>").ShouldBeTrue();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_could_not_be_fetched_is_counted_and_said_in_words(On on)
    {
        await using var far = await FarServer.Start();
        far.Paths["/gone.png"] = http => { http.Response.StatusCode = 404; return Task.CompletedTask; };
        far.Paths["/page.png"] = http => http.Response.Body.WriteAsync("<h1>No image</h1>"u8.ToArray()).AsTask();
        await using var full = await FullHouse.Make(on, far.Into);
        string Img(string at) => $"<img src=\"{at}\" alt=x>";
        var contact = await Arrive(full, Mail($"<p>News</p>{Img("http://shop.example/pump.png")}{Img("http://shop.example/gone.png")}{Img("http://shop.example/page.png")}{Img("http://shop.example:8080/p.png")}{Img("http://shop.example/gone.png")}"));
        var page = await full.Admin.See($"/contacts/{contact.Id}/original");
        page.Document.QuerySelector($".picture-bar [hx-post='/contacts/{contact.Id}/pictures']")!.GetAttribute("hx-trigger").ShouldBe("submit from:closest .picture-bar", "only when they are asked for");
        far.Asked.ShouldBeEmpty();
        var said = await full.Admin.Send(page, $"/contacts/{contact.Id}/pictures");
        said.Text("span").ShouldBe("3 of 4 images could not be fetched: the server says that there is none (1), what lies there is no image (1), such an address is never asked (1).");
        far.Asked.Order().ShouldBe(["/gone.png", "/page.png", "/pump.png"]);
        // The frame asks for the same, and nothing is fetched anew.
        using var frame = full.House.Client();
        (await frame.GetAsync(Pictures(await full.Admin.Send(page, $"/contacts/{contact.Id}/html", ("show", "once")))[0])).EnsureSuccessStatusCode();
        far.Asked.Count.ShouldBe(3);
        var good = await Arrive(full, Mail(Img("http://shop.example/pump.png")));
        (await full.Admin.Send(page, $"/contacts/{good.Id}/pictures")).Text("span").ShouldBe("The image was fetched.");
        (await full.Try(full.AgentB, HttpMethod.Post, $"/contacts/{contact.Id}/pictures")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
