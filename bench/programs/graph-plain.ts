// Imports the package graph from the local disk and uses it.
import { usePackages } from '../graph/use-packages.js';

usePackages();
process.exit(0);
