namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Brings rows, entries and due times up to date after connections were written, for many customers at a time. Nothing is
/// lost where it does not run: the due times go last, so that the sweep finds those that are still there, and repairs what is
/// behind.
/// </summary>
internal static class TailScript
{
    // ARGV: project, then for each customer: customer, row ('' for as it is), count and pairs of an operation and its subject,
    // count and pairs of a due entry and its time ('' for none).
    public const string Lua = EntryScript.Lua + """
        local i = 2
        while i < #ARGV do
          local customer = ARGV[i]
          if ARGV[i + 1] ~= '' then setrow(customer, ARGV[i + 1]) end
          local count = tonumber(ARGV[i + 2])
          i = i + 3
          for _ = 1, count do
            change(ARGV[1], customer, ARGV[i], ARGV[i + 1])
            i = i + 2
          end
          count = tonumber(ARGV[i])
          i = i + 1
          for _ = 1, count do
            if ARGV[i + 1] == '' then redis.call('ZREM', due, ARGV[i])
            else redis.call('ZADD', due, 'XX', ARGV[i + 1], ARGV[i]) end
            i = i + 2
          end
        end
        return 0
        """;
}
