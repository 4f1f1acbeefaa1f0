using Amends.Bench;

return args switch
{
    _ when args.Any(a => a is "--help" or "-h") => Usage(Console.Out, 0),
    ["mail", .. var rest] => MailBench.Run(rest, Console.Out),
    ["reply", .. var rest] => RepliesBench.Run(new Asked(rest)),
    ["headers", .. var rest] => HeadersBench.Run(new Asked(rest)),
    ["bounces", .. var rest] => BouncesBench.Run(new Asked(rest)),
    ["promises", .. var rest] => PromisesBench.Run(new Asked(rest)),
    ["apologies", .. var rest] => PhrasesBench.Apologies(new Asked(rest)),
    ["thanks", .. var rest] => PhrasesBench.Thanks(new Asked(rest)),
    ["seed", .. var rest] => await SeedBench.Run(new Asked(rest)),
    ["floor", .. var rest] => await FloorBench.Run(new Asked(rest)),
    ["desk", .. var rest] => await DeskBench.Run(new Asked(rest)),
    ["queries", .. var rest] => await QueriesBench.Run(new Asked(rest)),
    ["intake", .. var rest] => await IntakeBench.Run(new Asked(rest)),
    ["targets", .. var rest] => TargetsBench.Run(new Asked(rest)),
    ["help", ..] => Usage(Console.Out, 0),
    _ => Usage(Console.Error, 2),
};

static int Usage(TextWriter to, int code)
{
    to.WriteLine("""
        dotnet run -c Release --project bench -- COMMAND

          seed N     [--data DIR] [--database C]   makes a house with N cases of three contacts each (default DIR: ./bench-data)
          floor                                    what the machine can do: a bare ASP.NET Core answer, SQLite's durable commit alone and in batches
          desk       [--data DIR] [--database C] [--seconds S] [--only WORD] [--program FILE]
                                                   list, case, reply, search of a seeded house, through the real program (or a published one), at 1 and 8 clients
          queries    [--data DIR] [--database C] [--only WORD] [--plans all]
                                                   what each page asks of the database: statements, times, plans
          mail PATH                                reads all mails under a folder: speed, cost, expectations met
          reply PATH                               replies under a folder: new text exact, customer text lost
          headers PATH                             lists of facts about single headers: how many are met
          bounces PATH                             reports under a folder: kind, status, reason, hard or soft, address
          targets PATH                             rows of working time in a file or under a folder: exact, and answers a second on one core
          promises PATH                            promises in labelled texts: precision, recall, date exact, per language; a found one meets a labelled one of its kind
                                                   by the overlap of their quotes in the text, else by the same moment, best first, one to one
          apologies FILE                           texts that apologise with nothing done or promised, against rows of {"lang","text","empty"}
          thanks FILE                              texts that only thank, against rows of {"lang","text","thanks_only"}
          intake PATH|N [--data DIR] [--database C]
                                                   mails into cases, end to end; N makes N mails
        promises, apologies and thanks take --misses: the wrong ones are listed.
        Each takes --json: one line per figure, {"bench","data","measure","value","unit","bar","holds"}.
        """);
    return code;
}
