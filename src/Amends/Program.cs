using Amends;
using Amends.Foundation.Data;

#pragma warning disable RS0030 // The one place that names the system clock.
var clock = TimeProvider.System;
#pragma warning restore RS0030
var place = new DataPlace(Path.GetFullPath("data"), null);
var app = Serving.Build(new ServeOptions(place), clock);
await app.Services.GetRequiredService<Upgrade>().RunAsync();
await app.RunAsync();
