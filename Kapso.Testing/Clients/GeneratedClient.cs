using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace Kapso.Testing.Clients;

/// <summary>A client in C#, made of an OpenAPI document by NSwag and compiled with the code that uses it.</summary>
internal static class GeneratedClient
{
    private static readonly string Walk = Path.Combine(Repository.Folder, "Kapso.Testing", "Clients", "CSharp", "Walk.cs");

    /// <summary>Goes from the link to the welcome with it.</summary>
    /// <param name="document">The OpenAPI document.</param>
    /// <param name="http">The service, with a management key.</param>
    /// <param name="project">The project's id.</param>
    /// <param name="stop">When to give up.</param>
    /// <returns>What the client says of the connection at last.</returns>
    public static async Task<string> WalkAsync(string document, HttpClient http, string project, CancellationToken stop)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "KapsoClient",
            UseBaseUrl = false,
            CSharpGeneratorSettings = { Namespace = "Kapso.Client", GenerateNullableReferenceTypes = true, JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        };
        var client = new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(document, stop), settings).GenerateFile();
        var walk = Compile(client, await File.ReadAllTextAsync(Walk, stop)).GetType("Kapso.Client.Walk")!.GetMethod("RunAsync")!;
        return await (Task<string>)walk.Invoke(null, [http, project, stop])!;
    }

    private static Assembly Compile(params string[] sources)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Kapso.Client",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            platform.Where(IsOfFramework).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        image.Position = 0;
        return new AssemblyLoadContext("client", isCollectible: true).LoadFromStream(image);
    }

    private static bool IsOfFramework(string path) =>
        Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll");
}
