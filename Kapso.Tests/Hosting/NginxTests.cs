using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Kapso.Tests.Web;

namespace Kapso.Tests.Hosting;

/// <summary>A test behind a real nginx. Left out, with the reason, on a machine without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxTheoryAttribute : TheoryAttribute
{
    public NginxTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Nginx.LeftOut;
}

/// <summary>The service behind nginx, as docs/deployment.md sets it up.</summary>
public sealed class NginxTests
{
    [NginxTheory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a:b")]
    [InlineData("100% sure?")]
    [InlineData("https://example.org/../1#x")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("%2e%2E")]
    [InlineData("a b\\;c+d\u00e9\U0001F600")]
    public async Task A_customers_routes_are_reached_through_nginx_whatever_the_id_holds(string id)
    {
        await using var host = await WebHost.StartAsync(server: true);
        await using var nginx = await Nginx.StartAsync(host.Client.BaseAddress!);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = nginx.Address };
        await CustomerRouteWalk.WalkAsync(host, client, id);
    }
}

/// <summary>An nginx of the test's own, on a free port, with the location that the documentation says.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>Set to <c>required</c> where a missing nginx is a failure, and its tests are not left out.</summary>
    private const string Variable = "KAPSO_NGINX_TESTS";

    private static readonly string? Program = ((string[])["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"]).FirstOrDefault(File.Exists);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private Nginx(Uri service)
    {
        var port = LoopbackPort.Free();
        Address = new Uri($"http://127.0.0.1:{port}");
        var configuration = Path.Combine(_folder.Path, "nginx.conf");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            worker_processes 1;
            pid {{_folder.Path}}/nginx.pid;
            error_log {{_folder.Path}}/error.log;
            events { }
            http {
              access_log off;
              client_body_temp_path {{_folder.Path}}/body;
              proxy_temp_path {{_folder.Path}}/proxy;
              fastcgi_temp_path {{_folder.Path}}/fastcgi;
              uwsgi_temp_path {{_folder.Path}}/uwsgi;
              scgi_temp_path {{_folder.Path}}/scgi;
              server {
                listen 127.0.0.1:{{port}};
            {{Location().Replace("http://127.0.0.1:5080", service.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)}}
              }
            }
            """));
        var program = Program ?? throw new InvalidOperationException($"nginx was expected, since {Variable} is 'required'. Install it: apt-get install nginx.");
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder.Path, "-c", configuration, "-e", Path.Combine(_folder.Path, "error.log")]))!;
    }

    /// <summary>Why the tests are left out here; null where they are not.</summary>
    public static string? LeftOut { get; } = Program is null && Environment.GetEnvironmentVariable(Variable) != "required"
        ? "Needs nginx, and there is none on this machine: apt-get install nginx."
        : null;

    public Uri Address { get; }

    public static async Task<Nginx> StartAsync(Uri service)
    {
        var nginx = new Nginx(service);
        await Wait.ForAsync(nginx.ListensAsync, "nginx to listen");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>The block that docs/deployment.md has people copy.</summary>
    private static string Location()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "deployment.md"));
        var start = text.IndexOf("location / {", StringComparison.Ordinal);
        Assert.True(start >= 0, "docs/deployment.md has no location for nginx.");
        return text[start..(text.IndexOf('}', start) + 1)];
    }

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException("nginx ended: " + await File.ReadAllTextAsync(Path.Combine(_folder.Path, "error.log")));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
