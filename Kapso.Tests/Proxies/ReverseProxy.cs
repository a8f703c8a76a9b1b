using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kapso.Tests.Proxies;

/// <summary>A test behind real proxies. Left out, with the reason, on a machine without one of them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProxyTheoryAttribute : TheoryAttribute
{
    public ProxyTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = ReverseProxy.LeftOut ?? Testing.Browser.Chromium.LeftOut;
}

/// <summary>nginx or Caddy, on a free port and with a certificate of the test's own, with a configuration as docs/proxy has it.</summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    /// <summary>Set to <c>required</c> where a missing proxy is a failure, and its tests are not left out.</summary>
    private const string Variable = "KAPSO_PROXY_TESTS";

    private const string Name = "CN=localhost";

    private static readonly string? Nginx = Find("nginx");
    private static readonly string? Caddy = Find("caddy");

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = LoopbackPort.Free();
    private readonly string _file;
    private readonly Func<string, string> _change;
    private Process? _process;

    /// <param name="file">The configuration's name in docs/proxy.</param>
    /// <param name="change">What is different from it, beside addresses, names and certificates; null for nothing.</param>
    public ReverseProxy(string file, Func<string, string>? change = null) => (_file, _change) = (file, change ?? (text => text));

    /// <summary>Why the tests are left out here; null where they are not.</summary>
    public static string? LeftOut { get; } = (Nginx is null || Caddy is null) && Environment.GetEnvironmentVariable(Variable) != "required"
        ? "Needs nginx and Caddy, and this machine lacks one: apt-get install nginx caddy."
        : null;

    /// <summary>Where it listens, also before it does.</summary>
    public Uri Address => new($"https://localhost:{_port}");

    /// <summary>Starts it in front of a service.</summary>
    public async Task StartAsync(Uri service)
    {
        var text = _change(await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "docs", "proxy", _file)))
            .Replace("127.0.0.1:5080", service.Authority, StringComparison.Ordinal);
        var (certificate, key) = await MakeCertificateAsync();
        _process = Process.Start(_file.StartsWith("nginx", StringComparison.Ordinal)
            ? await NginxAsync(text, certificate, key)
            : await CaddyAsync(text, certificate, key))!;
        await Wait.ForAsync(ListensAsync, "the proxy to listen");
    }

    /// <summary>A client that comes by way of it, and takes its certificate.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == Name },
    })
    { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task<ProcessStartInfo> NginxAsync(string text, string certificate, string key)
    {
        var configuration = Path.Combine(_folder.Path, "nginx.conf");
        var server = text
            .Replace("listen 443 ssl", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{_port} ssl"), StringComparison.Ordinal)
            .Replace("/etc/ssl/kapso/fullchain.pem", certificate, StringComparison.Ordinal)
            .Replace("/etc/ssl/kapso/privkey.pem", key, StringComparison.Ordinal);
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            user root;
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
            {{server}}
            }
            """);
        return new(Program(Nginx, "nginx"), ["-p", _folder.Path, "-c", configuration, "-e", Path.Combine(_folder.Path, "error.log")]);
    }

    private async Task<ProcessStartInfo> CaddyAsync(string text, string certificate, string key)
    {
        var configuration = Path.Combine(_folder.Path, "Caddyfile");
        var host = text.Contains("www.example.com {", StringComparison.Ordinal) ? "www.example.com" : "connect.example.com";
        var site = text.Replace(
            host + " {",
            string.Create(CultureInfo.InvariantCulture, $"https://localhost:{_port} {{\n\ttls {certificate} {key}"),
            StringComparison.Ordinal);
        await File.WriteAllTextAsync(configuration, $"{{\n\tadmin off\n\tauto_https off\n}}\n{site}");
        var start = new ProcessStartInfo(Program(Caddy, "caddy"), ["run", "--config", configuration, "--adapter", "caddyfile"]) { RedirectStandardError = true };
        start.Environment["HOME"] = _folder.Path;
        return start;
    }

    private async Task<(string Certificate, string Key)> MakeCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var request = new CertificateRequest(Name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var (certificateFile, keyFile) = (Path.Combine(_folder.Path, "fullchain.pem"), Path.Combine(_folder.Path, "privkey.pem"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    private async Task<bool> ListensAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"The proxy with {_file} ended with {_process.ExitCode}.");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? Find(string program) =>
        ((string[])["/usr/sbin", "/usr/bin", "/usr/local/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string Program(string? found, string name) =>
        found ?? throw new InvalidOperationException($"{name} was expected, since {Variable} is 'required'. Install it: apt-get install {name}.");
}
