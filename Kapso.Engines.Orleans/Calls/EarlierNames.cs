using Orleans.Serialization;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.TypeSystem;

namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// Calls name the types of what they carry. Those that have moved since silos and APIs of two versions first worked together keep
/// the name that they had then, alone and as an answer: whichever version reads it finds its own type by it.
/// </summary>
internal sealed class EarlierNames : ITypeConverter
{
    /// <summary>The name of each type that moved.</summary>
    public static IReadOnlyDictionary<Type, string> All { get; } = new Dictionary<Type, string>
    {
        [typeof(CustomerChange)] = "Kapso.Connections.CustomerChange",
        [typeof(Effect)] = "Kapso.Connections.Effect",
        [typeof(SetupLink)] = "Kapso.Connections.SetupLink",
        [typeof(LinkChange)] = "Kapso.Connections.LinkChange",
        [typeof(IntendLink)] = "Kapso.Connections.IntendLink",
        [typeof(IssueLink)] = "Kapso.Connections.IssueLink",
        [typeof(AbandonLink)] = "Kapso.Connections.AbandonLink",
        [typeof(RegisterLink)] = "Kapso.Connections.RegisterLink",
        [typeof(RevokeLink)] = "Kapso.Connections.RevokeLink",
        [typeof(FoldLinks)] = "Kapso.Connections.FoldLinks",
        [typeof(LinkReceipt)] = "Kapso.Connections.LinkReceipt",
        [typeof(EffectResult)] = "Kapso.Connections.EffectResult",
        [typeof(TimelineEntry)] = "Kapso.Connections.TimelineEntry",
        [typeof(NumberStatus)] = "Kapso.Connections.NumberStatus",
        [typeof(Observation)] = "Kapso.Connections.Observation",
        [typeof(EffectAction)] = "Kapso.Connections.Engine.EffectAction",
        [typeof(Receipt)] = "Kapso.Connections.Engine.Receipt",
    };

    private static readonly Dictionary<Type, string> Written = All.SelectMany(Forms).ToDictionary(form => form.Key, form => form.Value);
    private static readonly Dictionary<string, Type> Read = Written.ToDictionary(form => form.Value, form => form.Key, StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool TryFormat(Type type, out string formatted) => Written.TryGetValue(type, out formatted!);

    /// <inheritdoc/>
    public bool TryParse(string formatted, out Type type) => Read.TryGetValue(formatted, out type!);

    private static IEnumerable<KeyValuePair<Type, string>> Forms(KeyValuePair<Type, string> moved)
    {
        Type[] forms = moved.Key.IsValueType ? [moved.Key, typeof(Nullable<>).MakeGenericType(moved.Key)] : [moved.Key];
        return forms.SelectMany(IEnumerable<Type> (form) => [form, typeof(Response<>).MakeGenericType(form)]).Select(form => KeyValuePair.Create(
            form,
            RuntimeTypeNameFormatter.Format(form).Replace(
                RuntimeTypeNameFormatter.Format(moved.Key), moved.Value + ",Kapso.Connections", StringComparison.Ordinal)));
    }
}
