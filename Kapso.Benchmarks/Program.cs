using System.CommandLine;
using System.Globalization;
using Kapso.Benchmarks;

// Figures are read and written alike on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    return await Commands.Root().Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // A stop by a signal still ends every process that was started.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(5),
    });
}
catch (BenchmarkException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException exception) when (exception.InnerException is not TimeoutException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
