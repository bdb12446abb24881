declare module "*.css";

declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  export default function SwaggerUI(options: {
    domNode: Element;
    spec: object;
    deepLinking?: boolean;
    docExpansion?: "list" | "full" | "none";
    defaultModelsExpandDepth?: number;
    displayRequestDuration?: boolean;
    filter?: boolean;
    validatorUrl?: string | null;
    plugins?: object[];
    requestInterceptor?: <R extends { method?: string; url: string; headers?: Record<string, string> }>(request: R) => R;
  }): unknown;
}
