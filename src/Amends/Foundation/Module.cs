using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation;

/// <summary>A module's card: what it brings. One file per module, first to read in its folder.</summary>
public abstract class Module
{
    /// <summary>As in the folder and the documents.</summary>
    public abstract string Name { get; }

    /// <summary>Its rows.</summary>
    public virtual void Tables(ModelBuilder model) { }

    /// <summary>What it needs to run.</summary>
    public virtual void Services(IServiceCollection services) { }

    /// <summary>What it checks before every route: who asks, how often.</summary>
    public virtual void Guards(WebApplication app) { }

    /// <summary>What it adds to the pages of earlier modules; run once, when everything is built.</summary>
    public virtual void Join(IServiceProvider all) { }

    /// <summary>Its pages and answers. Each has a permission or stands in the list of public ones.</summary>
    public virtual void Routes(IEndpointRouteBuilder app) { }

    /// <summary>Its jobs, and what it hears.</summary>
    public virtual void Jobs(JobBook book) { }

    /// <summary>Its entries in the menu, on the settings page, in the palette.</summary>
    public virtual void Menu(MenuBook menu) { }
}
