namespace Kapso.Silo.Index;

/// <summary>
/// Brings rows and due times up to date after connections were written, for many customers at a time. Nothing is lost where
/// it does not run: the sweep finds the entries that are still there, and mends what is behind.
/// </summary>
internal static class TailScript
{
    // ARGV, for each customer: customer, row ('' for as it is), count, then count pairs of an entry and its time ('' for none).
    public const string Lua = RowScript.Lua + """
        local i = 1
        while i < #ARGV do
          local count = tonumber(ARGV[i + 2])
          if ARGV[i + 1] ~= '' then setrow(ARGV[i], ARGV[i + 1]) end
          i = i + 3
          for _ = 1, count do
            if ARGV[i + 1] == '' then redis.call('ZREM', due, ARGV[i])
            else redis.call('ZADD', due, 'XX', ARGV[i + 1], ARGV[i]) end
            i = i + 2
          end
        end
        return 0
        """;
}
