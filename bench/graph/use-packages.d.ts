// Written by hand, so that the types of the rest hold while the packages are not installed.
export function usePackages(): string[];
