using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Engines;

/// <summary>The contract on the embedded engine.</summary>
public sealed class EmbeddedEngineContract : EngineContract
{
    protected override bool IsSole => true;

    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await EmbeddedEngineUnderTest.StartAsync(setup);

    /// <summary>
    /// A crash leaves what was committed and nothing else: the store's committed state is copied, and the engine goes on
    /// with the copy while the old one ends on a file that nobody reads any more.
    /// </summary>
    private sealed class EmbeddedEngineUnderTest : EngineUnderTest
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kapso-contract-");
        private EmbeddedEngine _engine;
        private string _path;
        private int _crashes;

        private EmbeddedEngineUnderTest(EngineSetup setup)
            : base(setup)
        {
            _path = Path.Combine(_folder.FullName, "kapso.db");
            _engine = Make();
        }

        public override IConnectionEngine Engine => _engine;

        public static async Task<EmbeddedEngineUnderTest> StartAsync(EngineSetup setup)
        {
            var engine = new EmbeddedEngineUnderTest(setup);
            await engine._engine.StartAsync(CancellationToken.None);
            return engine;
        }

        public override async Task RestartAsync()
        {
            await _engine.DisposeAsync();
            _engine = Make();
            await _engine.StartAsync(CancellationToken.None);
        }

        public override async Task CrashAsync()
        {
            var left = Path.Combine(_folder.FullName, $"crash-{++_crashes}.db");
            using (var from = Open(_path))
            using (var to = Open(left))
                from.BackupDatabase(to);
            await _engine.StopAsync(new CancellationToken(canceled: true));

            _path = left;
            _engine = Make();
            await _engine.StartAsync(CancellationToken.None);
        }

        // Any write makes the writer look for what is due.
        public override async Task NudgeAsync() => await _engine.CheckAsync(CancellationToken.None);

        public override async ValueTask DisposeAsync()
        {
            await _engine.StopAsync(new CancellationToken(canceled: true));
            _folder.Delete(recursive: true);
        }

        private static SqliteConnection Open(string path)
        {
            var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            return connection;
        }

        private EmbeddedEngine Make() => new(
            Options.Create(new EmbeddedEngineOptions
            {
                Path = _path,
                Policy = (project, _) => Setup.Policy(project),
                ParkedMaxCount = Setup.ParkedMaxCount,
                AuditKeep = Setup.AuditKeep,
                GatheredCustomers = 2, // So that customers are found in memory, on their way into the table, and in it.
            }),
            Setup.Runners, new ProcessFailure(), Setup.Time, NullLoggerFactory.Instance);
    }
}
