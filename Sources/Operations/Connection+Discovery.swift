public import ConfigurationFile
public import Deployment
public import Domain
internal import Transport

extension Connection {
  /// What answered at an address, and what became of it.
  public struct Found: Sendable {
    public var discovered: Discovered
    /// The context that was written, or that has the endpoint now.
    public var context: String
    /// Models that the service lists, and how many of them are ready; nil where it lists none itself.
    public var models: (all: Int, ready: Int)?
    /// Why there is no list, where there should be one.
    public var listProblem: Problem?
    /// Whether the file had all of it before.
    public var wasKnown: Bool
  }

  /// Finds out what speaks at an endpoint.
  public static func discover(_ endpoint: EndpointSettings) async throws(Problem) -> Discovered {
    if let wrong = endpoint.wrong(isCollector: false) {
      throw Problem("The address cannot be used: \(wrong.what).", advice: wrong.advice, kind: .invalidInput)
    }
    let transport = Transport(configuration: endpoint.transport)
    do {
      let found = try await Discovery(base: endpoint.url, transport: transport).run()
      await transport.close()
      return found
    } catch {
      await transport.close()
      throw error.problem
    }
  }

  /// Writes a service as a context of its own, anything else as an endpoint of a context that is there.
  public static func write(
    _ discovered: Discovered, at endpoint: EndpointSettings, named name: String?, into file: UserSettings
  ) async throws(Problem) -> Found {
    guard case .service(let kind) = discovered.kind else {
      let (context, wasKnown) = try file.add(endpoint, as: discovered.kind.word, to: name)
      return Found(discovered: discovered, context: context, models: nil, wasKnown: wasKnown)
    }
    let (context, wasKnown) = try file.add(
      ContextSettings(name: "", service: endpoint, kind: kind), named: name,
      suggesting: [discovered.name.string, kind.rawValue])
    var found = Found(discovered: discovered, context: context, models: nil, wasKnown: wasKnown)
    // Envoy lists nothing: Seldon Core 2 has its scheduler for that.
    guard kind != .seldonCore2 else { return found }
    let transport = Transport(configuration: endpoint.transport)
    do {
      let models = try await InferenceService(
        base: endpoint.url, transport: transport, options: InferenceOptions(kind: kind)
      ).models()
      found.models = (models.count, models.count { $0.state == .ready })
    } catch {
      found.listProblem = error.problem
    }
    await transport.close()
    return found
  }
}
