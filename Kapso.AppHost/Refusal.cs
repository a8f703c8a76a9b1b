using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Kapso.AppHost;

/// <summary>Ends a run that cannot be, with one sentence for the person who started it.</summary>
internal static class Refusal
{
    /// <summary>Says why on standard error, and exits with 1.</summary>
    /// <returns>Never; an exception to throw, so that the compiler sees as much.</returns>
    /// <exception cref="DistributedApplicationException">Another program has this one as its guest: a test that builds it.</exception>
    [DoesNotReturn]
    public static Exception Because(string sentence)
    {
        if (Assembly.GetEntryAssembly() != typeof(Refusal).Assembly)
            throw new DistributedApplicationException(sentence);
        Console.Error.WriteLine(sentence);
        Environment.Exit(1);
        throw new UnreachableException();
    }
}
