internal import EmbeddedService
internal import FoundationEssentials
internal import Glibc
internal import Hummingbird
internal import NIOCore

let options: Options
do {
  options = try Options(Array(CommandLine.arguments.dropFirst()))
} catch {
  Console.complain("\(error)\nTry: mds-service --help")
  exit(2)
}
switch options.task {
case .help:
  Console.print(Options.help)
  exit(0)
case .version:
  Console.print("mds-service \(EmbeddedService.version)")
  exit(0)
case .serve: break
}
guard let models = options.models ?? ModelsFolder.found() else {
  Console.complain("no folder of models found; give one with --models DIR")
  exit(1)
}
guard FileManager.default.fileExists(atPath: models.path) else {
  Console.complain("no folder at \(models.path)")
  exit(1)
}
if options.stdinCloses { StdinWatch.exitWhenClosed() }
let responder = await EmbeddedService.responder(models: models)
let application = EmbeddedService.application(responder: responder, port: options.port) { port in
  Console.print("{\"url\":\"http://127.0.0.1:\(port)\"}")
}
let grace = Grace.watch()
do {
  try await application.runService()
} catch let error as IOError where error.errnoCode == EADDRINUSE {
  Console.complain("port \(options.port) of 127.0.0.1 is taken; --port 0 takes a free one")
  exit(1)
} catch {
  Console.complain("\(error)")
  exit(1)
}
