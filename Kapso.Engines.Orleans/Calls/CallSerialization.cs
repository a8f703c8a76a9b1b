using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// How calls carry the heart's values: as JSON, so that the heart knows nothing of Orleans. Nothing but the heart's own
/// types is read from or written to the wire in this way.
/// </summary>
internal static class CallSerialization
{
    public static IServiceCollection AddCallSerialization(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(IsSentAsJson, static _ => false));
        services.AddSingleton<ITypeConverter, EarlierNames>();
        services.AddSingleton<IGeneralizedCopier, ImmutableValues>();
        return services;
    }

    private static bool IsSentAsJson(Type type) =>
        IsValueOfTheHeart(type) && type != typeof(Observation);

    private static bool IsValueOfTheHeart(Type type) =>
        type.Assembly == typeof(Connection).Assembly && !type.IsEnum && !typeof(Exception).IsAssignableFrom(type);

    /// <summary>A call within a process hands values over as they are: they never change.</summary>
    private sealed class ImmutableValues : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsValueOfTheHeart(type) || type == typeof(Receipt);

        [return: NotNullIfNotNull(nameof(input))]
        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
