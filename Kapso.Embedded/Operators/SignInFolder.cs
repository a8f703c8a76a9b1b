using System.Xml.Linq;
using Kapso.Platform.Settings;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace Kapso.Embedded.Operators;

/// <summary>
/// The folder beside the store with what sign-ins of operators need to outlive a restart: the keys that seal cookies, and for each
/// sign-in that somebody ended an empty file of its name.
/// </summary>
internal sealed class SignInFolder(IOptions<KapsoOptions> settings) : ISignOuts
{
    private readonly DirectoryInfo _folder = new(settings.Value.Store.Path + ".sign-ins");

    /// <summary>Has sign-ins and sign-outs outlive a restart.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<SignInFolder>();
        services.AddSingleton<ISignOuts>(provider => provider.GetRequiredService<SignInFolder>());
        services.AddDataProtection().SetApplicationName("kapso");
        services.AddOptions<KeyManagementOptions>().Configure<SignInFolder, ILoggerFactory>((keys, folder, loggers) =>
            keys.XmlRepository = new KeyFolder(folder._folder, loggers));
    }

    /// <inheritdoc/>
    public Task EndAsync(OperatorSession session, CancellationToken cancellationToken)
    {
        try
        {
            _folder.Create();
            foreach (var file in _folder.EnumerateFiles("*.ended"))
            {
                if (file.LastWriteTimeUtc + OperatorSession.Life < DateTime.UtcNow)
                    file.Delete();
            }

            File.WriteAllBytes(FileOf(session), []);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineUnavailableException($"The sign-out cannot be kept in {_folder}.", exception);
        }
    }

    /// <inheritdoc/>
    public Task<bool> HasEndedAsync(OperatorSession session, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(FileOf(session)));

    private string FileOf(OperatorSession session) => Path.Combine(_folder.FullName, session.Nonce + ".ended");

    /// <summary>Writes nowhere else: the framework's own begins a file in the folder for temporary ones, which a container may not have.</summary>
    private sealed class KeyFolder(DirectoryInfo folder, ILoggerFactory loggers) : FileSystemXmlRepository(folder, loggers)
    {
        public override void StoreElement(XElement element, string friendlyName)
        {
            var file = Path.Combine(Directory.FullName, friendlyName + ".xml");
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var begun = new FileStream(file + ".new", options))
            {
                element.Save(begun);
                begun.Flush(flushToDisk: true);
            }

            File.Move(file + ".new", file, overwrite: true);
        }
    }
}
