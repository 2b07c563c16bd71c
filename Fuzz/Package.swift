// swift-tools-version: 6.2
import PackageDescription

// Built by `swift build -c release --sanitize fuzzer` alone: without libFuzzer there is no main to link.
let package = Package(
  name: "mds-fuzz",
  dependencies: [.package(name: "mds", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz", dependencies: [.product(name: "MDSFuzzing", package: "mds")],
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")])
  ]
)
