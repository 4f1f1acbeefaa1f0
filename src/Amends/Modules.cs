using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Promises;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends;

/// <summary>The modules in the order of the flow. A module may use those before it and Foundation, never a later one.</summary>
public static class Modules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Module> All { get; } =
    [
        new TrustModule(),
        new PeopleModule(),
        new CasesModule(),
        new ContactsModule(),
        new PromisesModule(),
    ];

    /// <summary>Their tables.</summary>
    public static IReadOnlyList<Action<ModelBuilder>> Tables { get; } = [.. All.Select<Module, Action<ModelBuilder>>(module => module.Tables)];

    /// <summary>The databases of a place, with the tables of all modules.</summary>
    public static Databases Databases(DataPlace place) => new(place, Tables);
}
