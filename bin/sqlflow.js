#!/usr/bin/env node
// Stands in git, unlike dist/: npm links it before `prepare` has built anything.
import '../dist/cli/main.js'
