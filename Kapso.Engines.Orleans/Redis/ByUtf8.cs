using System.Text;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Orders texts as Redis does: by their bytes.</summary>
internal sealed class ByUtf8 : IComparer<string>
{
    public static ByUtf8 Instance { get; } = new();

    public int Compare(string? x, string? y) =>
        Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
