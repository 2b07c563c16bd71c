import ArgumentParser
import Domain
import Operations
import Transport

/// A problem as a command reports it: what happened, what helps, on standard error.
struct Failure: Error, CustomStringConvertible {
  var problem: Problem

  init(_ problem: Problem) { self.problem = problem }

  var description: String {
    [problem.summary, problem.advice, problem.detail].filter { !$0.isEmpty }.joined(separator: "\n  ")
  }
}

/// Which service and which ledger a command works on.
struct TargetOptions: ParsableArguments {
  @Option(help: "The deployment service's address, or MDS_SERVICE.") var service: String?
  @Option(help: "The context's name, which also names the ledger.") var context = "default"
  @Option(help: "The ledger's file.") var ledger: String?
  @Flag(help: "Allow plain http to another machine.") var insecure = false

  var resolvedContext: Context {
    Context(
      name: context, service: service ?? Machine.environment("MDS_SERVICE") ?? "http://127.0.0.1:8080",
      analyst: Context.localAnalyst, ledgerPath: ledger ?? Context.defaultLedger(for: context))
  }

  func workspace() throws -> Workspace {
    var configuration = TransportConfiguration()
    configuration.allowsInsecureHTTP = insecure
    do throws(Problem) {
      return try Workspace(resolvedContext, transport: Transport(configuration: configuration))
    } catch {
      throw Failure(error)
    }
  }
}
