import ArgumentParser
import ConfigurationFile
import Domain
import Operations
import Transport

/// Which service and which ledger a command works on.
struct TargetOptions: ParsableArguments {
  @Option(help: "A context of the configuration file; else MDS_CONTEXT, else its current-context.")
  var context: String?
  @Option(help: "The deployment service's address, instead of a context's; else MDS_SERVICE.") var service: String?
  @Option(help: "The ledger's file, instead of the context's.", completion: .file()) var ledger: String?
  @Flag(help: "Allow plain http to another machine.") var insecure = false

  /// The context, without opening anything.
  func resolved(in file: UserSettings? = nil) throws -> Context {
    try Attempt.now { () throws(Problem) in
      let settings: UserSettings
      if let file { settings = file } else { settings = try UserSettings() }
      return try ContextChoice(context: context, service: service, ledger: ledger, isInsecure: insecure)
        .context(in: settings)
    }
  }

  func workspace(in file: UserSettings? = nil) throws -> Workspace {
    let context = try resolved(in: file)
    return try Attempt.now { () throws(Problem) in
      try Workspace(context, transport: Transport(configuration: context.serviceEndpoint.transport))
    }
  }
}
