using Kapso.Engines.Orleans.Calls;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.TypeSystem;

namespace Kapso.Silo.Tests.Calls;

/// <summary>The names of types in calls between silos and APIs of different versions: they stay what they were.</summary>
public sealed class EarlierNamesTests
{
    private readonly TypeConverter _types = new ServiceCollection()
        .AddSerializer().AddCallSerialization().BuildServiceProvider().GetRequiredService<TypeConverter>();

    [Theory]
    [InlineData(typeof(Connection), "Kapso.Connections.Connection,Kapso.Connections")]
    [InlineData(typeof(SetupLink), "Kapso.Connections.SetupLink,Kapso.Connections")]
    [InlineData(typeof(FoldLinks), "Kapso.Connections.FoldLinks,Kapso.Connections")]
    [InlineData(typeof(EffectResult), "Kapso.Connections.EffectResult,Kapso.Connections")]
    [InlineData(typeof(TimelineEntry), "Kapso.Connections.TimelineEntry,Kapso.Connections")]
    [InlineData(typeof(NumberStatus), "Kapso.Connections.NumberStatus,Kapso.Connections")]
    [InlineData(typeof(Response<Receipt>), "Orleans.Serialization.Invocation.Response`1[[Kapso.Connections.Engine.Receipt,Kapso.Connections]],Orleans.Serialization")]
    [InlineData(typeof(Response<LinkReceipt>), "Orleans.Serialization.Invocation.Response`1[[Kapso.Connections.LinkReceipt,Kapso.Connections]],Orleans.Serialization")]
    [InlineData(typeof(Response<EffectAction>), "Orleans.Serialization.Invocation.Response`1[[Kapso.Connections.Engine.EffectAction,Kapso.Connections]],Orleans.Serialization")]
    [InlineData(typeof(Response<NumberStatus?>), "Orleans.Serialization.Invocation.Response`1[[System.Nullable`1[[Kapso.Connections.NumberStatus,Kapso.Connections]]]],Orleans.Serialization")]
    public void What_calls_carry_has_the_name_that_the_first_version_gave_it(Type type, string name)
    {
        Assert.Equal(name, _types.Format(type));
        Assert.Equal(type, _types.Parse(name));
    }

    [Fact]
    public void Every_type_of_the_heart_that_a_grain_takes_or_answers_has_such_a_name()
    {
        var methods = typeof(IConnectionGrain).GetMethods();
        var carried = methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType))
            .Concat(methods.Where(method => method.ReturnType.IsGenericType).Select(method => method.ReturnType.GetGenericArguments()[0]))
            .Select(type => Nullable.GetUnderlyingType(type) ?? type)
            .Where(type => type.Namespace!.StartsWith("Kapso.", StringComparison.Ordinal))
            .SelectMany(type => type.Assembly.GetTypes().Where(type.IsAssignableFrom));

        Assert.All(carried, type => Assert.True(
            type == typeof(Connection) || EarlierNames.All.ContainsKey(type), $"{type} moved without its name."));
    }
}
