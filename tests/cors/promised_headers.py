"""What those who are allowed are told: methods, headers, credentials, private networks."""

from __future__ import annotations

from corsheaders.defaults import default_headers, default_methods

from tests.cors.promise import ALL, ALLOWED, ANYBODY, NAMED, NOTHING, ORIGIN, OTHER, Promise, asks

PREFLIGHTS = {
    "a preflight is answered with an empty 200": Promise(
        settings=ALLOWED, **asks("PUT"), gives={**NAMED, "content-length": "0", "X-Own": None, "Vary": "origin"}
    ),
    "the default methods": Promise(
        settings=ALLOWED, **asks("PUT"), gives={"Access-Control-Allow-Methods": ", ".join(default_methods)}
    ),
    "CORS_ALLOW_METHODS": Promise(
        settings={**ALLOWED, "CORS_ALLOW_METHODS": (*default_methods, "POKE")},
        **asks("POKE"),
        gives={"Access-Control-Allow-Methods": "DELETE, GET, OPTIONS, PATCH, POST, PUT, POKE"},
    ),
    "a method that is not among them is answered alike": Promise(
        settings={**ALLOWED, "CORS_ALLOW_METHODS": ["GET"]},
        **asks("PUT"),
        gives={**NAMED, "Access-Control-Allow-Methods": "GET"},
    ),
    "the default headers": Promise(
        settings=ALLOWED, **asks("GET"), gives={"Access-Control-Allow-Headers": ", ".join(default_headers)}
    ),
    "CORS_ALLOW_HEADERS": Promise(
        settings={**ALLOWED, "CORS_ALLOW_HEADERS": ["my-custom-header"]},
        **asks("GET", Access_Control_Request_Headers="my-custom-header"),
        gives={"Access-Control-Allow-Headers": "my-custom-header"},
    ),
    "a preflight may be kept for a day": Promise(
        settings=ALLOWED, **asks("GET"), gives={"Access-Control-Max-Age": "86400"}
    ),
    "CORS_PREFLIGHT_MAX_AGE": Promise(
        settings={**ALLOWED, "CORS_PREFLIGHT_MAX_AGE": 60}, **asks("GET"), gives={"Access-Control-Max-Age": "60"}
    ),
    "CORS_PREFLIGHT_MAX_AGE of 0 is not sent": Promise(
        settings={**ALLOWED, "CORS_PREFLIGHT_MAX_AGE": 0},
        **asks("GET"),
        gives={**NAMED, "Access-Control-Max-Age": None},
    ),
    "these are for preflights only": Promise(
        settings=ALLOWED,
        gives={
            "Access-Control-Allow-Methods": None,
            "Access-Control-Allow-Headers": None,
            "Access-Control-Max-Age": None,
        },
    ),
    "OPTIONS that is no preflight reaches the view": Promise(
        settings=ALLOWED, method="OPTIONS", gives={**NAMED, "X-Own": "1", "Access-Control-Max-Age": "86400"}
    ),
    "the question on another method is none": Promise(
        settings=ALLOWED, headers={"Access-Control-Request-Method": "PUT"}, gives={**NAMED, "X-Own": "1"}
    ),
    "an empty question is one": Promise(settings=ALLOWED, **asks(""), gives={**NAMED, "X-Own": None}),
    "a preflight of another origin gets an empty 200": Promise(
        settings=ALLOWED, origin=OTHER, **asks("PUT"), gives={**NOTHING, "X-Own": None, "Vary": "origin"}
    ),
    "a preflight without an origin gets an empty 200": Promise(
        settings=ALLOWED, origin=None, **asks("PUT"), gives={**NOTHING, "X-Own": None}
    ),
    "a preflight for anybody": Promise(
        settings=ALL, **asks("PUT"), gives={**ANYBODY, "Access-Control-Max-Age": "86400"}
    ),
}

FURTHER = {
    "CORS_EXPOSE_HEADERS": Promise(
        settings={**ALLOWED, "CORS_EXPOSE_HEADERS": ["X-One", "X-Two"]},
        gives={"Access-Control-Expose-Headers": "X-One, X-Two"},
    ),
    "CORS_EXPOSE_HEADERS is empty by default": Promise(
        settings=ALLOWED, gives={**NAMED, "Access-Control-Expose-Headers": None}
    ),
    "exposed headers are not for other origins": Promise(
        settings={**ALLOWED, "CORS_EXPOSE_HEADERS": ["X-One"]},
        origin=OTHER,
        gives={"Access-Control-Expose-Headers": None},
    ),
    "CORS_ALLOW_CREDENTIALS": Promise(
        settings={**ALLOWED, "CORS_ALLOW_CREDENTIALS": True},
        gives={**NAMED, "Access-Control-Allow-Credentials": "true"},
    ),
    "CORS_ALLOW_CREDENTIALS on a preflight": Promise(
        settings={**ALLOWED, "CORS_ALLOW_CREDENTIALS": True},
        **asks("PUT"),
        gives={**NAMED, "Access-Control-Allow-Credentials": "true"},
    ),
    "credentials are not allowed by default": Promise(
        settings=ALLOWED, gives={**NAMED, "Access-Control-Allow-Credentials": None}
    ),
    "credentials are not for other origins": Promise(
        settings={**ALLOWED, "CORS_ALLOW_CREDENTIALS": True},
        origin=OTHER,
        gives={**NOTHING, "Access-Control-Allow-Credentials": None},
    ),
    "CORS_ALLOW_PRIVATE_NETWORK": Promise(
        settings={**ALLOWED, "CORS_ALLOW_PRIVATE_NETWORK": True},
        **asks("GET", Access_Control_Request_Private_Network="true"),
        gives={**NAMED, "Access-Control-Allow-Private-Network": "true"},
    ),
    "a private network that nobody asked for": Promise(
        settings={**ALLOWED, "CORS_ALLOW_PRIVATE_NETWORK": True},
        **asks("GET"),
        gives={**NAMED, "Access-Control-Allow-Private-Network": None},
    ),
    "a private network by another word than true": Promise(
        settings={**ALLOWED, "CORS_ALLOW_PRIVATE_NETWORK": True},
        **asks("GET", Access_Control_Request_Private_Network="TRUE"),
        gives={**NAMED, "Access-Control-Allow-Private-Network": None},
    ),
    "a private network is not open by default": Promise(
        settings=ALLOWED,
        **asks("GET", Access_Control_Request_Private_Network="true"),
        gives={**NAMED, "Access-Control-Allow-Private-Network": None},
    ),
    "a private network is not for other origins": Promise(
        settings={**ALLOWED, "CORS_ALLOW_PRIVATE_NETWORK": True},
        origin=OTHER,
        **asks("GET", Access_Control_Request_Private_Network="true"),
        gives={**NOTHING, "Access-Control-Allow-Private-Network": None},
    ),
    "HEAD": Promise(settings=ALLOWED, method="HEAD", gives=NAMED),
    "CORS does not lift the protection against forged requests": Promise(
        settings={"CORS_ALLOWED_ORIGINS": [ORIGIN, "https://read-and-write.example.com"]},
        method="POST",
        headers={"Cookie": f"csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32},
        gives={**NAMED, "X-Own": None},
    ),
    "CSRF_TRUSTED_ORIGINS does": Promise(
        settings={**ALLOWED, "CSRF_TRUSTED_ORIGINS": [ORIGIN]},
        method="POST",
        headers={"Cookie": f"csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32},
        gives={**NAMED, "X-Own": "1"},
    ),
}

HEADERS = {**PREFLIGHTS, **FURTHER}
