using Kapso.Embedded.Demonstration;
using Kapso.Embedded.Engine;
using Kapso.Embedded.Transfer;
using Kapso.Platform;
using Kapso.ServiceDefaults;
using Kapso.Web;

if (args is [ExportCommand.Name, .. var options])
    return ExportCommand.Run(options);

var builder = WebApplication.CreateBuilder(args);
var demonstration = DemonstrationProject.AddTo(builder);

builder.AddServiceDefaults();
builder.AddHostDefaults();
builder.AddKapsoPlatform();
builder.Services.AddEmbeddedEngine();
builder.AddKapsoWeb();

return await KapsoHost.RunAsync(builder.Build, app =>
{
    app.MapKapso();
    demonstration?.ShowWhenStarted(app);
});
