namespace Kapso.Web.Http;

/// <summary>Tells the OpenAPI document what a handler reads of a request by itself.</summary>
/// <param name="Query">Parameters of the query; none of them is required.</param>
/// <param name="Headers">Headers; all of them are required.</param>
/// <param name="Delivery">Whether the body is a delivery of the platform's. Its type is not looked at: a delivery is never refused for that.</param>
internal sealed record ReadsItself(string[] Query, string[] Headers, bool Delivery = false);
