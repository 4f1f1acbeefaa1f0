using Amends.Foundation.Data;
using Amends.Trust;

namespace Amends.People;

/// <summary>A piece of a customer's page that a later module draws.</summary>
/// <param name="View">A Razor component with one parameter, <c>Model</c>; it brings its own card.</param>
public sealed record CustomerPanel(Type View, object Model)
{
    /// <summary>For <c>DynamicComponent</c>.</summary>
    public IDictionary<string, object> Parameters => new Dictionary<string, object> { ["Model"] = Model };
}

/// <summary>What a hook is asked with: whose page, those merged into this one and itself, who looks, and a reading context.</summary>
public sealed record CustomerAsked(Customer Customer, IReadOnlyList<long> CustomerIds, Who Who, Database Db, IServiceProvider Services);

/// <summary>The same for an organisation.</summary>
public sealed record OrganisationAsked(Organisation Organisation, Who Who, Database Db, IServiceProvider Services);

/// <summary>What People lets later modules add to its pages. Filled once by the module cards; asked for each page.</summary>
public sealed class PeopleHooks
{
    /// <summary>Panels on a customer's page, in the order of the modules (own cases, feedback); null for none.</summary>
    public List<Func<CustomerAsked, Task<CustomerPanel?>>> CustomerPanels { get; } = [];

    /// <summary>Panels on an organisation's page.</summary>
    public List<Func<OrganisationAsked, Task<CustomerPanel?>>> OrganisationPanels { get; } = [];
}
