const loopback = ['http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*'];

/**
 * Origins in private networks that are allowed unless the workspace says otherwise. On a developer's machine receivers on
 * the same machine are what one tries first; inside Azure nothing private is allowed unasked.
 */
export const defaultAllowedOrigins: readonly string[] = process.env.WEBSITE_INSTANCE_ID ? [] : loopback;
