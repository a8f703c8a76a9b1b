using System.Reflection;
using System.Xml.Linq;
using Kapso.Engines.Orleans;
using Kapso.Engines.Sqlite;
using Kapso.Platform;
using Kapso.Web;
using NetArchTest.Rules;

namespace Kapso.Tests.Architecture;

/// <summary>Which project may know which, and which namespace: docs/architecture.md shows the same as a picture.</summary>
public sealed class ArrowTests
{
    /// <summary>What each project may refer to, of ours.</summary>
    public static TheoryData<string, string[]> Projects => new()
    {
        { "Kapso.Connections", [] },
        { "Kapso.Engines", ["Kapso.Connections"] },
        { "Kapso.Engines.Sqlite", ["Kapso.Engines"] },
        { "Kapso.Engines.Orleans", ["Kapso.Engines"] },
        { "Kapso.Platform", ["Kapso.Engines"] },
        { "Kapso.Web", ["Kapso.Platform"] },
        { "Kapso.ServiceDefaults", ["Kapso.Engines"] },
        { "Kapso.Simulator", ["Kapso.ServiceDefaults"] },
        { "Kapso.Embedded", ["Kapso.Engines.Sqlite", "Kapso.ServiceDefaults", "Kapso.Simulator", "Kapso.Web"] },
        { "Kapso.Silo", ["Kapso.Engines.Orleans", "Kapso.Platform", "Kapso.ServiceDefaults"] },
        { "Kapso.Api", ["Kapso.Engines.Orleans", "Kapso.ServiceDefaults", "Kapso.Web"] },
    };

    /// <summary>The namespaces of each project from the bottom up: each may know those before it, and so there are no circles.</summary>
    public static TheoryData<Type, string[]> Namespaces => new()
    {
        {
            typeof(Connection),
            ["Values", "Numbers", "Observations", "Timeline", "Links", "Outbox", "Erasing", "Redirects", "Webhooks", "Reconciling", "", "Deciding", "Storage"]
        },
        { typeof(IConnectionEngine), ["Telemetry", "Contract", "Erasing", "Hosting", "Keeping", "Sending", "Budget", "Transfer"] },
        { typeof(EmbeddedEngine), ["Store", "Reading", "Sending", "Writing", "Transfer", ""] },
        { typeof(ClusterEngine), ["Calls", "Redis", "Budget", "Sending", "Sweep", "Grains", "", "Hosting"] },
        { typeof(PlatformExtensions), ["Hosting", "Settings", "Sending", "Api", "Customers", "Numbers", "Links", "Receivers", "Effects", "Webhooks", "Reconciling", "Validation", ""] },
        { typeof(KapsoWebExtensions), ["Http", "Projects", "TurnedAway", "Audit", "Access", "Webhooks", "Customers", "Management", "Operators", "Hosting", ""] },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_to_what_lies_below_it_and_to_nothing_else(string project, string[] allowed)
    {
        var file = XDocument.Load(Path.Combine(Repository.Folder, project, project + ".csproj"));

        var references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(allowed, references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_tests_see_what_a_project_keeps_to_itself(string project, string[] _)
    {
        var file = XDocument.Load(Path.Combine(Repository.Folder, project, project + ".csproj"));

        var friends = file.Descendants("InternalsVisibleTo").Select(friend => friend.Attribute("Include")!.Value);

        Assert.All(friends, friend => Assert.Contains(friend, (string[])["Kapso.Silo.Tests", "Kapso.Testing", "Kapso.Tests"]));
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public void A_namespace_knows_those_below_it_and_none_above(Type one, string[] fromBelow)
    {
        var (assembly, root) = (one.Assembly, one.Assembly.GetName().Name!);
        var rooms = assembly.GetTypes().Where(type => IsOurs(type, root)).ToLookup(type => RoomOf(type, root));
        Assert.Equal(fromBelow.Order(StringComparer.Ordinal), rooms.Select(room => room.Key).Order(StringComparer.Ordinal));

        foreach (var (i, room) in fromBelow.Index())
        {
            string[] above = [.. fromBelow[(i + 1)..].SelectMany(other => rooms[other]).Select(type => type.FullName!)];
            var result = Types.InAssembly(assembly).That()
                .MeetCustomRule(new Among([.. rooms[room].Select(type => type.FullName!)]))
                .ShouldNot().HaveDependencyOnAny(above).GetResult();

            Assert.True(result.IsSuccessful, $"{root}.{room} knows what lies above it: {string.Join(", ", result.FailingTypeNames ?? [])}");
        }
    }

    [Fact]
    public void The_simulator_is_known_by_the_demonstration_alone()
    {
        var result = Types.InAssembly(Assembly.Load("Kapso.Embedded")).That()
            .DoNotResideInNamespace("Kapso.Embedded.Demonstration").ShouldNot().HaveDependencyOn("Kapso.Simulator").GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    private static bool IsOurs(Type type, string root) =>
        type.Namespace is { } space && (space == root || space.StartsWith(root + ".", StringComparison.Ordinal));

    /// <summary>The first part of a namespace below the project's.</summary>
    private static string RoomOf(Type type, string root) => type.Namespace!.Length == root.Length ? "" : type.Namespace[(root.Length + 1)..].Split('.')[0];

    private sealed class Among(HashSet<string> names) : ICustomRule
    {
        public bool MeetsRule(Mono.Cecil.TypeDefinition type) => names.Contains(type.FullName.Replace('/', '+'));
    }
}
